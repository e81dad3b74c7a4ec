import type { UserInfo } from "../define.ts";
import type { Attributes, Authorizer } from "./authorizer.ts";

/** Whether a user may do something: what `kubectl auth can-i` would say. */
export function can(authorizer: Authorizer, user: UserInfo, attributes: Attributes): boolean {
  return authorizer.decide(user, attributes).allowed;
}
