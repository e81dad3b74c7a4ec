import { publicHalf, publicHalfFromPem } from "../../../base/jwt.ts";
import { type PrivateKey, privateKeyFromPem } from "../../../base/x509/private-key.ts";
import type { Process } from "../../../machine/process.ts";
import type { Flags } from "../../daemon/flags.ts";
import { pkiAt } from "../../daemon/serving-tls.ts";
import type { PemSource, Pki } from "../../kubeadm/pki.ts";
import { pemIn } from "../../trust.ts";
import type { ServerHooks } from "../context.ts";
import type { UserInfo } from "../define.ts";

const textOf = (source: PemSource): string => (typeof source === "string" ? source : source());
const ours = (pki: Pki): PrivateKey => ({ type: "ec", ec: pki.key("sa") });

/** The private key in a file, be it the one that was made with the cluster or another; undefined where there is none. */
export function privateKeyIn(proc: Process, path: string | undefined): (() => PrivateKey) | undefined {
  const pki = pkiAt(proc);
  const secret = pemIn(proc.machine.files, path);
  if (pki && secret !== undefined && pki.isTokenKey(secret)) return () => ours(pki);
  const own = secret === undefined ? undefined : privateKeyFromPem(textOf(secret));
  return own && (() => own);
}

/** The keys of service account tokens, as the server reads them at its start; whether the one made with the cluster is among them. */
export function tokenHooks(
  proc: Process,
  flags: Flags,
): { hooks: Pick<ServerHooks, "tokenKeys" | "signingKey">; areOurs: boolean } {
  const pki = pkiAt(proc);
  const sources = (flags["service-account-key-file"] ?? "")
    .split(",")
    .map((path) => pemIn(proc.machine.files, path))
    .filter((source) => source !== undefined);
  const known = sources.map((source) => (pki?.isTokenKey(source) ? "ours" : source));
  const secret = pemIn(proc.machine.files, flags["service-account-signing-key-file"]);
  const signingKey =
    secret === undefined && pki ? () => ours(pki) : privateKeyIn(proc, flags["service-account-signing-key-file"]);
  let keys: readonly Uint8Array[] | undefined;
  const tokenKeys = () => {
    keys ??= known.flatMap((source) => {
      const half = source === "ours" ? pki && publicHalf(ours(pki)) : publicHalfFromPem(textOf(source));
      return half ? [half] : [];
    });
    return keys;
  };
  return { hooks: { tokenKeys, ...(signingKey ? { signingKey } : {}) }, areOurs: known.includes("ours") };
}

/** What --token-auth-file says: token,user,uid,"group1,group2" a line; or what is wrong (apiserver token/tokenfile, 1.35). */
export function readStaticTokens(text: string, path: string): ReadonlyMap<string, UserInfo> | string {
  const users = new Map<string, UserInfo>();
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const columns = columnsOf(line.replace(/\r$/, ""));
    if (columns.length < 3)
      return `token file '${path}' must have at least 3 columns (token, user name, user uid), found ${columns.length}`;
    const [token = "", name = "", uid = "", groups = ""] = columns;
    if (token === "") continue;
    users.set(token, { name, ...(uid ? { uid } : {}), groups: groups === "" ? [] : groups.split(",") });
  }
  return users;
}

/** A line of comma-separated values; quotes hold commas. */
function columnsOf(line: string): string[] {
  const columns: string[] = [];
  const value = /\s*(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/y;
  while (value.lastIndex <= line.length) {
    const match = value.exec(line);
    if (!match) break;
    columns.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (!match[0].endsWith(",")) break;
  }
  return columns;
}
