import { goQuote } from "../../base/go-text.ts";
import { readCertificate } from "../../base/x509/certificate.ts";
import { keyFromPem, publicKeyFromPem } from "../../base/x509/key.ts";
import type { Process } from "../../machine/process.ts";
import type { Flags } from "../daemon/flags.ts";
import { klogLine } from "../daemon/klog.ts";
import { keyPairProblem, pkiAt } from "../daemon/serving-tls.ts";
import type { PemSource, Pki } from "../kubeadm/pki.ts";
import { clientProblem, pemIn, subjectOf } from "../trust.ts";
import type { ServerHooks } from "./context.ts";

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

/** How the server verifies client certificates (--client-ca-file, read anew when it changes) and tokens, and signs these. */
export function certificateHooks(
  proc: Process,
  flags: Flags,
): Pick<ServerHooks, "verifyCertificate" | "tokenKey" | "signingKey"> {
  const { files, kernel } = proc.machine;
  const pki = pkiAt(proc);
  const path = flags["client-ca-file"];
  const tokens = tokenHooks(proc, flags, pki);
  let authority = pemIn(files, path);
  if (authority === undefined) return tokens.hooks;
  const verifyCertificate = (shown: PemSource) => {
    if (typeof shown === "function" && pki?.isToken(shown)) return tokens.areOurs ? pki.subjectOf(shown) : undefined;
    authority = pemIn(files, path) ?? authority;
    const problem = authority && clientProblem({ pki, now: kernel.clock.now }, shown, authority);
    if (problem === undefined) return subjectOf(pki, shown);
    const said = `verifying certificate ${identifier(pki?.textOf(shown) ?? String(shown))} failed: ${problem}`;
    const line = `"Unable to authenticate the request" err=${goQuote(said)}`;
    proc.fds.get(2)?.write?.(klogLine(proc, "E", "authentication.go:75", line));
    return undefined;
  };
  return { ...tokens.hooks, verifyCertificate };
}

/** The keys of service account tokens, as the server reads them at its start; whether they are those made here. */
function tokenHooks(
  { machine: { files } }: Process,
  flags: Flags,
  pki: Pki | undefined,
): { hooks: Pick<ServerHooks, "tokenKey" | "signingKey">; areOurs: boolean } {
  const [shown, secret] = ["service-account-key-file", "service-account-signing-key-file"].map((flag) =>
    pemIn(files, flags[flag]?.split(",")[0]),
  );
  const textOf = (source: PemSource) => (typeof source === "string" ? source : source());
  const areOurs = shown !== undefined && pki?.isTokenKey(shown) === true;
  const publicKey = () => {
    if (areOurs && pki) return pki.key("sa").publicKey;
    return (shown === undefined ? undefined : publicKeyFromPem(textOf(shown))) ?? new Uint8Array();
  };
  const own = secret !== undefined && !pki?.isTokenKey(secret) ? keyFromPem(textOf(secret)) : undefined;
  const signingKey = own ? () => own : pki && (() => pki.key("sa"));
  return { hooks: { tokenKey: publicKey, ...(signingKey ? { signingKey } : {}) }, areOurs };
}

/** How the log names a certificate (apiserver authentication/request/x509, 1.35). */
function identifier(pem: string): string {
  const read = readCertificate(pem);
  const hex = [...(read?.authorityKeyId ?? [])].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"));
  return `SN=${read ? BigInt(`0x${read.serial || "0"}`) : 0}, SKID=, AKID=${hex.join(":")}`;
}
