import { goQuote } from "../../../base/go-text.ts";
import { Status } from "../../../kinds/status.ts";
import type { UserInfo } from "../define.ts";
import { detailsOf } from "../errors.ts";
import type { Attributes, Authorizer, Decision } from "./authorizer.ts";

/** Throws Forbidden unless the user may (apiserver endpoints/handlers/responsewriters/errors.go, 1.35). Says how long that holds. */
export function checkAccess(authorizer: Authorizer, user: UserInfo, attributes: Attributes): Decision["holds"] {
  const { allowed, reason, holds } = authorizer.decide(user, attributes);
  if (allowed) return holds;
  const refused = refusal(user, attributes);
  const why = sanitized(reason ? `${refused}: ${reason}` : refused);
  if ("path" in attributes) throw new Status("Forbidden", `forbidden: ${why}`, {});
  const { group, resource, name } = attributes;
  const full = group === "" ? resource : `${resource}.${group}`;
  const message = name ? `${full} ${goQuote(name)} is forbidden: ${why}` : `${full} is forbidden: ${why}`;
  throw new Status("Forbidden", message, detailsOf({ group, plural: resource }, name));
}

function refusal(user: UserInfo, attributes: Attributes): string {
  const who = `User ${goQuote(user.name)} cannot ${attributes.verb}`;
  if ("path" in attributes) return `${who} path ${goQuote(attributes.path)}`;
  const { group, resource, subresource, namespace } = attributes;
  const what = `resource ${goQuote(subresource ? `${resource}/${subresource}` : resource)} in API group ${goQuote(group)}`;
  return `${who} ${what} ${namespace ? `in the namespace ${goQuote(namespace)}` : "at the cluster scope"}`;
}

function sanitized(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
