import { goQuote } from "../../base/go-text.ts";
import { readCertificate } from "../../base/x509/certificate.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";
import type { Flags } from "../daemon/flags.ts";
import { klogLine } from "../daemon/klog.ts";
import { keyPairProblem, pkiAt } from "../daemon/serving-tls.ts";
import type { PemSource } from "../kubeadm/pki.ts";
import { clientProblem, pemIn, subjectOf } from "../trust.ts";
import { auditLog } from "./audit/log-file.ts";
import { anonymousOf } from "./authentication/anonymous.ts";
import { type FrontProxies, listOf } from "./authentication/front-proxy.ts";
import { readStaticTokens, tokenHooks } from "./authentication/token-files.ts";
import { modesOf } from "./authorization/mode-names.ts";
import { authorizationOf } from "./authorization/options.ts";
import type { ServerHooks } from "./context.ts";
import type { UserInfo } from "./define.ts";
import { readEncryption } from "./encryption/configuration.ts";

const leases = "Error creating leases: error creating storage factory: ";

/** Files that must be there and readable, by the flag that names them, with what 1.35 says around `open PATH: …`. */
const fileFlags: Readonly<Record<string, string>> = {
  "tls-cert-file": "",
  "tls-private-key-file": "",
  "client-ca-file": "",
  "requestheader-client-ca-file": "",
  "kubelet-client-certificate": "",
  "kubelet-client-key": "",
  "proxy-client-cert-file": "",
  "proxy-client-key-file": "",
  "service-account-signing-key-file": "failed to parse service-account-issuer-key-file: ",
  "service-account-key-file": "failed to parse key file %q: ",
  "token-auth-file": "",
  "authorization-policy-file": "",
  "etcd-cafile": leases,
  "etcd-certfile": leases,
  "etcd-keyfile": leases,
};

/** What is wrong with the files that the flags name; `fatal` where klog.Fatal says it. */
export function fileProblem(proc: Process, flags: Flags): { text: string; fatal: boolean } | undefined {
  const { files } = proc.machine;
  for (const [flag, said] of Object.entries(fileFlags)) {
    for (const path of (flags[flag] ?? "").split(",").filter(Boolean)) {
      if (pemIn(files, path) !== undefined) continue;
      const prefix = said.replace("%q", JSON.stringify(path));
      return { text: `${prefix}open ${path}: no such file or directory`, fatal: said === leases };
    }
  }
  const serving = keyPairProblem(proc, flags["tls-cert-file"], flags["tls-private-key-file"]);
  if (serving) return { text: serving, fatal: false };
  const etcd = keyPairProblem(proc, flags["etcd-certfile"], flags["etcd-keyfile"]);
  return etcd ? { text: leases + etcd, fatal: true } : undefined;
}

/** What the server takes from files and flags: who it knows, what it allows and what it records; a text says why it cannot start. */
export function serverHooks(proc: Process, flags: Flags): Partial<ServerHooks> | string {
  const tokens = staticTokens(proc, flags);
  if (typeof tokens === "string") return tokens;
  const rights = authorizationOf(proc.machine.files, flags);
  if (typeof rights === "string") return rights;
  // With AlwaysAllow nobody is let in without credentials (kubeapiserver/options ApplyAuthorization, 1.35).
  const allowsAll = (rights.modes ?? modesOf(flags)).includes("AlwaysAllow");
  const known = allowsAll ? { enabled: false } : anonymousOf(proc.machine.files, flags);
  if (typeof known === "string") return known;
  const encryption = encryptionOf(proc, flags);
  if (typeof encryption === "string") return encryption;
  const audit = auditLog(proc, flags);
  if (typeof audit === "string") return audit;
  return {
    ...certificateHooks(proc, flags),
    say: (level, source, text) => void proc.fds.get(2)?.write?.(klogLine(proc, level, source, text)),
    ...(tokens ? { verifyToken: (token) => tokens.get(token) } : {}),
    ...rights,
    ...(known ? { anonymous: known } : {}),
    ...(encryption ? { encryption } : {}),
    ...(audit ? { audit } : {}),
  };
}

function encryptionOf({ machine: { files } }: Process, flags: Flags): ReturnType<typeof readEncryption> | undefined {
  const path = flags["encryption-provider-config"];
  if (!path) return undefined;
  return readEncryption(files.may(path, "r", root) ? files.read(path, root) : undefined, path);
}

function staticTokens(proc: Process, flags: Flags): ReadonlyMap<string, UserInfo> | string | undefined {
  const path = flags["token-auth-file"];
  return path ? readStaticTokens(proc.machine.files.read(path, root), path) : undefined;
}

/** How the server verifies client certificates (--client-ca-file, read anew when it changes) and tokens, and signs these. */
function certificateHooks(
  proc: Process,
  flags: Flags,
): Pick<ServerHooks, "verifyCertificate" | "frontProxies" | "certificateText" | "tokenKeys" | "signingKey"> {
  const { files, kernel } = proc.machine;
  const pki = pkiAt(proc);
  const path = flags["client-ca-file"];
  const tokens = tokenHooks(proc, flags);
  let authority = pemIn(files, path);
  const frontProxies = proxiesOf(proc, flags);
  const others = { ...tokens.hooks, ...(frontProxies ? { frontProxies } : {}) };
  if (authority === undefined) return others;
  const verifyCertificate = (shown: PemSource) => {
    if (typeof shown === "function" && pki?.isToken(shown)) return tokens.areOurs ? pki.subjectOf(shown) : undefined;
    authority = pemIn(files, path) ?? authority;
    const problem = authority && clientProblem({ pki, now: kernel.clock.now }, shown, authority);
    if (problem === undefined) return subjectOf(pki, shown);
    const said = `verifying certificate ${identifier(pki?.textOf(shown) ?? String(shown))} failed: ${problem}`;
    // Each way to know a client has its say: front proxies come first.
    const other = frontProxies?.problem(shown);
    const line = `"Unable to authenticate the request" err=${goQuote(other ? `[${other}, ${said}]` : said)}`;
    proc.fds.get(2)?.write?.(klogLine(proc, "E", "authentication.go:75", line));
    return undefined;
  };
  return { ...others, verifyCertificate, ...(pki ? { certificateText: (maker) => pki.textOf(maker) } : {}) };
}

function proxiesOf(proc: Process, flags: Flags): FrontProxies | undefined {
  const { files, kernel } = proc.machine;
  const path = flags["requestheader-client-ca-file"];
  let authority = pemIn(files, path);
  if (authority === undefined) return undefined;
  const pki = pkiAt(proc);
  const allowed = listOf(flags["requestheader-allowed-names"]);
  return {
    userHeaders: listOf(flags["requestheader-username-headers"]),
    groupHeaders: listOf(flags["requestheader-group-headers"]),
    uidHeaders: listOf(flags["requestheader-uid-headers"]),
    extraPrefixes: listOf(flags["requestheader-extra-headers-prefix"]),
    problem(certificate) {
      authority = pemIn(files, path) ?? authority;
      const problem = authority && clientProblem({ pki, now: kernel.clock.now }, certificate, authority);
      if (problem !== undefined || allowed.length === 0) return problem;
      const name = subjectOf(pki, certificate)?.commonName ?? "";
      return allowed.includes(name) ? undefined : `x509: subject with cn=${name} is not in the allowed list`;
    },
  };
}

/** How the log names a certificate (apiserver authentication/request/x509, 1.35). */
function identifier(pem: string): string {
  const read = readCertificate(pem);
  const hex = [...(read?.authorityKeyId ?? [])].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"));
  return `SN=${read ? BigInt(`0x${read.serial || "0"}`) : 0}, SKID=, AKID=${hex.join(":")}`;
}
