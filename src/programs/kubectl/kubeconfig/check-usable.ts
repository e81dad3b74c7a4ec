import { readCertificate } from "../../../base/x509/certificate.ts";
import { keyFromPem } from "../../../base/x509/key.ts";
import { Errno } from "../../../machine/define.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { CommandFault, ConfigFault } from "../faults.ts";
import { goErrno } from "../go-errno.ts";
import type { Chosen } from "./client-config.ts";
import { type Entry, textIn } from "./define.ts";

/** Throws what is wrong with the chosen user and cluster (clientcmd.ConfirmUsable). */
export function checkUsable(proc: Process, chosen: Chosen): void {
  const problems = [...userProblems(proc, chosen), ...clusterProblems(proc, chosen)];
  if (problems.length > 1) throw new ConfigFault(problems);
  if (problems[0] !== undefined) throw new CommandFault(problems[0]);
}

function userProblems(proc: Process, { user, userName }: Chosen): string[] {
  const problems: string[] = [];
  const has = (field: string) => textIn(user, field) !== "";
  const methods = [has("token") && "token", has("username") && "basicAuth"].filter(Boolean);
  if (has("client-certificate") || has("client-certificate-data")) {
    for (const [field, words] of [
      ["client-certificate", "client-cert"],
      ["client-key", "client-key"],
    ] as const) {
      if (has(field) && has(`${field}-data`))
        problems.push(`${words}-data and ${words} are both specified for ${userName}. ${words}-data will override.`);
    }
    if (!has("client-key") && !has("client-key-data"))
      problems.push(
        `client-key-data or client-key must be specified for ${userName} to use the clientCert authentication method.`,
      );
    problems.push(...unreadable(proc, user, "client-certificate", "client-cert", userName));
    problems.push(...unreadable(proc, user, "client-key", "client-key", userName));
  }
  if (user.fields.exec !== undefined) problems.push("credential plugins (exec) are not simulated");
  if (methods.length > 1)
    problems.push(
      `more than one authentication method found for ${userName}; found [${methods.join(" ")}], only one is allowed`,
    );
  return problems;
}

function clusterProblems(proc: Process, { cluster, clusterName }: Chosen): string[] {
  const both = textIn(cluster, "certificate-authority") !== "" && textIn(cluster, "certificate-authority-data") !== "";
  return [
    ...(both
      ? [
          `certificate-authority-data and certificate-authority are both specified for ${clusterName}. certificate-authority-data will override.`,
        ]
      : []),
    ...unreadable(proc, cluster, "certificate-authority", "certificate-authority", clusterName),
  ];
}

function unreadable(proc: Process, entry: Entry, field: string, words: string, name: string): string[] {
  const path = textIn(entry, field);
  if (path === "") return [];
  try {
    proc.machine.files.open(pathOf(proc, path), proc.credentials, { read: true });
    return [];
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return [`unable to read ${words} ${path} for ${name} due to ${goErrno("open", path, error)}`];
  }
}

/** What was checked before, so that every command need not. */
const checked = new Map<string, string>();
const CHECKED_LIMIT = 64;

/** Throws where certificates cannot be read or do not fit their key (crypto/tls X509KeyPair, rest.TLSConfigFor). */
export function checkedUser(tls: {
  readonly authority: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly insecure: boolean;
}): void {
  const { authority, clientCertificate, clientKey, insecure } = tls;
  if (authority !== undefined && insecure)
    throw new CommandFault("specifying a root certificates file with the insecure flag is not allowed");
  const key = JSON.stringify([authority, clientCertificate, clientKey]);
  let problem = checked.get(key);
  if (problem === undefined) {
    problem = tlsProblem(authority, clientCertificate, clientKey);
    if (checked.size >= CHECKED_LIMIT) checked.clear();
    checked.set(key, problem);
  }
  if (problem !== "") throw new CommandFault(problem);
}

function tlsProblem(authority: string | undefined, certificate: string | undefined, key: string | undefined): string {
  if (authority !== undefined && !readCertificate(authority))
    return "unable to load root certificates: unable to parse bytes as PEM block";
  if (certificate === undefined) return "";
  const shown = readCertificate(certificate);
  if (!shown)
    return certificate.includes("-----BEGIN CERTIFICATE-----")
      ? "x509: malformed certificate"
      : "tls: failed to find any PEM data in certificate input";
  const own = keyFromPem(key ?? "");
  if (!own)
    return (key ?? "").includes("PRIVATE KEY-----")
      ? "tls: failed to parse private key"
      : "tls: failed to find any PEM data in key input";
  const fits =
    own.publicKey.length === shown.publicKey.length && own.publicKey.every((b, i) => b === shown.publicKey[i]);
  return fits ? "" : "tls: private key does not match public key";
}
