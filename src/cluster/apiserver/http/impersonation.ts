import { checkAccess } from "../authorization/access.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import { internalError } from "../errors.ts";

const serviceAccount = /^system:serviceaccount:([^:]+):([^:]+)$/;
const EXTRA = "impersonate-extra-";
const AUTHENTICATION = "authentication.k8s.io";

/** Who the request is to be taken for, if its sender may (apiserver endpoints/filters/impersonation.go, 1.35). */
export function impersonated(context: Context, user: UserInfo, headers: Readonly<Record<string, string>>): UserInfo {
  if (!impersonates(headers)) return user;
  const name = headers["impersonate-user"];
  const groups = listIn(headers["impersonate-group"]);
  const uid = headers["impersonate-uid"];
  const extra = extraIn(headers);
  if (name === undefined || name === "") {
    const asked = [
      ...groups.map((group) => `{Group  ${group}    }`),
      ...extra.flatMap(([key, values]) => values.map((value) => `{UserExtra  ${value}  ${AUTHENTICATION}/v1  ${key}}`)),
      ...(uid ? [`{UID  ${uid}  ${AUTHENTICATION}/v1  }`] : []),
    ];
    if (asked.length === 0) return user;
    throw internalError(`requested [${asked.join(" ")}] without impersonating a user`);
  }
  const check = (resource: string, what: string, more: { namespace?: string; group?: string; subresource?: string }) =>
    checkAccess(context.authorizer, user, { verb: "impersonate", group: "", resource, name: what, ...more });
  const account = serviceAccount.exec(name);
  if (account) check("serviceaccounts", account[2] ?? "", { namespace: account[1] ?? "" });
  else check("users", name, {});
  for (const group of groups) check("groups", group, {});
  for (const [key, values] of extra)
    for (const value of values) check("userextras", value, { group: AUTHENTICATION, subresource: key });
  if (uid) check("uids", uid, { group: AUTHENTICATION });
  return {
    name,
    groups: groupsOf(name, groups, account?.[1]),
    ...(uid ? { uid } : {}),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}),
  };
}

function impersonates(headers: Readonly<Record<string, string>>): boolean {
  for (const header in headers) if (header.startsWith("impersonate-")) return true;
  return false;
}

/** A service account has its groups where none are given; everybody is either authenticated or not. */
function groupsOf(name: string, groups: readonly string[], namespace: string | undefined): string[] {
  const own =
    namespace !== undefined && groups.length === 0
      ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`]
      : [];
  const all = [...groups, ...own];
  const nobody = "system:unauthenticated";
  const known = name === "system:anonymous" ? [nobody] : ["system:authenticated", nobody];
  if (!known.some((group) => all.includes(group))) all.push(known[0] ?? nobody);
  return all;
}

function listIn(header: string | undefined): string[] {
  return (header ?? "").split(/,\s*/).filter((item) => item !== "");
}

/** Impersonate-Extra-KEY headers; the keys are percent-encoded and in lower case. */
function extraIn(headers: Readonly<Record<string, string>>): [string, string[]][] {
  const found: [string, string[]][] = [];
  for (const header in headers) {
    if (!header.startsWith(EXTRA)) continue;
    let key = header.slice(EXTRA.length);
    try {
      key = decodeURIComponent(key);
    } catch {
      // A key that cannot be decoded stands for itself.
    }
    found.push([key.toLowerCase(), listIn(headers[header])]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}
