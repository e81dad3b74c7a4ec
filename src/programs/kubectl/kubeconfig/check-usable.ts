import { isObject } from "../../../base/json-object.ts";
import { readCertificate } from "../../../base/x509/certificate.ts";
import { publicPartOf } from "../../../base/x509/key.ts";
import { Errno } from "../../../machine/define.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { CommandFault, ConfigFault } from "../faults.ts";
import { goErrno } from "../go-errno.ts";
import type { Chosen } from "./client-config.ts";
import { type Entry, textIn } from "./define.ts";
import { impersonationProblem } from "./impersonation.ts";

/** Throws what is wrong with the chosen user and cluster (clientcmd.ConfirmUsable). */
export function checkUsable(proc: Process, chosen: Chosen): void {
  const problems = [...userProblems(proc, chosen), ...clusterProblems(proc, chosen)];
  if (problems.length > 1) throw new ConfigFault(problems);
  if (problems[0] !== undefined) throw new CommandFault(problems[0]);
}

function userProblems(proc: Process, { user, userName, impersonation }: Chosen): string[] {
  const problems: string[] = [];
  const has = (field: string) => textIn(user, field) !== "";
  const methods = [has("token") && "token", has("username") && "basicAuth"].filter(Boolean);
  if (has("client-certificate") || has("client-certificate-data")) {
    if (has("client-certificate") && has("client-certificate-data"))
      problems.push(
        `client-cert-data and client-cert are both specified for ${userName}. client-cert-data will override.`,
      );
    if (has("client-key") && has("client-key-data"))
      problems.push(`client-key-data and client-key are both specified for ${userName}; client-key-data will override`);
    if (!has("client-key") && !has("client-key-data"))
      problems.push(
        `client-key-data or client-key must be specified for ${userName} to use the clientCert authentication method.`,
      );
    problems.push(...unreadable(proc, user, "client-certificate", "client-cert", userName));
    problems.push(...unreadable(proc, user, "client-key", "client-key", userName));
  }
  problems.push(...execProblems(user, userName));
  if (methods.length > 1)
    problems.push(
      `more than one authentication method found for ${userName}; found [${methods.join(" ")}], only one is allowed`,
    );
  const wrong = impersonationProblem(impersonation, userName);
  return wrong === undefined ? problems : [...problems, wrong];
}

function execProblems({ fields: { exec } }: Entry, userName: string): string[] {
  if (!isObject(exec)) return [];
  const missing = ["command", "apiVersion", "interactiveMode"].filter((field) => !exec[field]);
  return missing.map((field) => `${field} must be specified for ${userName} to use exec authentication plugin`);
}

/** Throws for ways to log in or to connect that are not simulated, and for those that kubectl has given up. */
export function refuseUnsimulated({ user: { fields }, cluster, userName }: Chosen): void {
  const provider = isObject(fields["auth-provider"]) ? String(fields["auth-provider"].name ?? "") : undefined;
  const instead = provider === undefined ? undefined : removedProviders[provider];
  if (instead)
    throw new CommandFault(
      `The ${provider} auth plugin has been removed.\nPlease use the ${instead[0]} kubectl/client-go credential plugin instead.\nSee ${instead[1]} for further details`,
    );
  if (provider === "oidc") throw new CommandFault("the auth provider oidc is not simulated");
  if (provider !== undefined) throw new CommandFault(`no Auth Provider found for name ${JSON.stringify(provider)}`);
  // A token is used before a plugin is asked.
  if (fields.exec !== undefined && !fields.token && !fields.tokenFile)
    throw new CommandFault(`credential plugins are not simulated: the user ${JSON.stringify(userName)} has exec`);
  if (textIn(cluster, "proxy-url") !== "") throw new CommandFault("proxies (proxy-url) are not simulated");
}

/** client-go plugin/pkg/client/auth, 1.33 */
const removedProviders: Readonly<Record<string, readonly [plugin: string, page: string]>> = {
  gcp: [
    '"gke-gcloud-auth-plugin"',
    "https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke",
  ],
  azure: [
    "https://github.com/Azure/kubelogin",
    "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  ],
};

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
export function checkedUser(
  { machine }: Process,
  tls: {
    readonly authority: string | undefined;
    readonly clientCertificate: string | undefined;
    readonly clientKey: string | undefined;
    readonly insecure: boolean;
  },
): void {
  const { authority, clientCertificate, clientKey, insecure } = tls;
  const { outside } = machine.network;
  if (authority !== undefined && insecure)
    throw new CommandFault("specifying a root certificates file with the insecure flag is not allowed");
  const key = [authority, clientCertificate, clientKey]
    .map((text) => (text === undefined ? "" : `=${text}`))
    .join("\0");
  let problem = checked.get(key);
  if (problem === undefined) {
    problem = outside?.identityProblem(tls) ?? tlsProblem(authority, clientCertificate, clientKey);
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
  const own = publicPartOf(key ?? "");
  if (!own)
    return (key ?? "").includes("PRIVATE KEY-----")
      ? "tls: failed to parse private key"
      : "tls: failed to find any PEM data in key input";
  const fits = own.length === shown.publicKey.length && own.every((b, i) => b === shown.publicKey[i]);
  return fits ? "" : "tls: private key does not match public key";
}
