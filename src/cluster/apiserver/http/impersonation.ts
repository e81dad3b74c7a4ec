import { checkAccess } from "../authorization/access.ts";
import type { Context } from "../context.ts";
import type { UserInfo } from "../define.ts";
import { internalError } from "../errors.ts";

const serviceAccount = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Who the request is to be taken for, if its sender may (apiserver endpoints/filters/impersonation.go, 1.35). */
export function impersonated(context: Context, user: UserInfo, headers: Readonly<Record<string, string>>): UserInfo {
  const name = headers["impersonate-user"];
  const groups = (headers["impersonate-group"] ?? "").split(/,\s*/).filter((group) => group !== "");
  const uid = headers["impersonate-uid"];
  if (name === undefined || name === "") {
    if (groups.length === 0 && !uid) return user;
    throw internalError(`requested ${JSON.stringify(groups)} without impersonating a user`);
  }
  const check = (resource: string, what: string, namespace?: string, group = "") =>
    checkAccess(context.authorizer, user, { verb: "impersonate", group, resource, name: what, namespace });
  const account = serviceAccount.exec(name);
  if (account) check("serviceaccounts", account[2] ?? "", account[1]);
  else check("users", name);
  for (const group of groups) check("groups", group);
  if (uid) check("uids", uid, undefined, "authentication.k8s.io");
  const own = account && groups.length === 0 ? ["system:serviceaccounts", `system:serviceaccounts:${account[1]}`] : [];
  const all = [...groups, ...own];
  const last = name === "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
  if (!all.includes(last)) all.push(last);
  return { name, groups: all, ...(uid ? { uid } : {}) };
}
