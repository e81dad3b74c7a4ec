import { isList, isObject } from "../../../base/json-object.ts";
import type { FlagValues } from "../define.ts";
import type { globalFlags } from "../global-flags.ts";
import { type Entry, textIn } from "./define.ts";

/** Whom requests are made for instead of their sender. */
export interface Impersonation {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: readonly (readonly [key: string, values: readonly string[]])[];
}

/** What the user of a kubeconfig says, with the flags --as, --as-group, --as-uid and --as-user-extra laid over it. */
export function impersonationOf(
  user: Entry | undefined,
  flags: Pick<FlagValues<typeof globalFlags>, "as" | "as-group" | "as-uid" | "as-user-extra">,
): Impersonation {
  const named = user?.fields["as-groups"];
  const extras = user?.fields["as-user-extra"];
  const fromFlags = new Map<string, string[]>();
  for (const pair of flags["as-user-extra"]) {
    const [key = "", ...rest] = pair.split("=");
    fromFlags.set(key, [...(fromFlags.get(key) ?? []), rest.join("=")]);
  }
  const own = isObject(extras) ? Object.entries(extras) : [];
  return {
    name: flags.as || textIn(user, "as"),
    groups: flags["as-group"].length > 0 ? flags["as-group"] : isList(named) ? named.map(String) : [],
    uid: flags["as-uid"] || textIn(user, "as-uid"),
    extra:
      fromFlags.size > 0
        ? [...fromFlags]
        : own.map(([key, values]) => [key, isList(values) ? values.map(String) : []] as const),
  };
}

/** The headers that ask for it (client-go transport ImpersonationConfig). Several values stand with commas between. */
export function impersonationHeaders({ name, groups, uid, extra }: Impersonation): Record<string, string> {
  if (name === "") return {};
  return {
    "impersonate-user": name,
    ...(groups.length > 0 ? { "impersonate-group": groups.join(",") } : {}),
    ...(uid !== "" ? { "impersonate-uid": uid } : {}),
    ...Object.fromEntries(extra.map(([key, values]) => [`impersonate-extra-${key.toLowerCase()}`, values.join(",")])),
  };
}

/** What is wrong with it (clientcmd validateAuthInfo, 1.33). */
export function impersonationProblem(
  { name, groups, uid, extra }: Impersonation,
  userName: string,
): string | undefined {
  if (name !== "" || (groups.length === 0 && uid === "" && extra.length === 0)) return undefined;
  return `requesting uid, groups or user-extra for ${userName} without impersonating a user`;
}
