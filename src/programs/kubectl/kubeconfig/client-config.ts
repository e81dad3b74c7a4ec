import { fromBase64 } from "../../../base/base64.ts";
import { textOf } from "../../../base/text-bytes.ts";
import { PKI_PART, SERVICE_ACCOUNT_FOLDER } from "../../../cluster/api-target.ts";
import type { Pki } from "../../../cluster/kubeadm/pki.ts";
import { Errno } from "../../../machine/define.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import type { FlagValues } from "../define.ts";
import { CommandFault, ConfigFault } from "../faults.ts";
import type { globalFlags } from "../global-flags.ts";
import { goErrno } from "../go-errno.ts";
import { type ConfigFiles, configFilesOf, loadConfig } from "./access.ts";
import { checkedUser, checkUsable } from "./check-usable.ts";
import { type Config, type Entry, textIn } from "./define.ts";
import { parseServer, type ServerAddress } from "./server-address.ts";

/** Whom to talk to and as whom. PEM texts. */
export interface ClientConfig {
  readonly server: ServerAddress;
  readonly namespace: string;
  /** The namespace was given on the command line: then a manifest may not name another. */
  readonly namespaceGiven: boolean;
  readonly authority: string | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  /** Text, or what would make the kubeconfig that nobody has looked into yet. */
  readonly clientCertificate: string | (() => string) | undefined;
  readonly clientKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export type Globals = FlagValues<typeof globalFlags>;

/** The flags that say something about the connection, beside the namespace. */
const connectionFlags = [
  "as-user-extra",
  "certificate-authority",
  "client-certificate",
  "client-key",
  "cluster",
  "context",
  "insecure-skip-tls-verify",
  "password",
  "server",
  "tls-server-name",
  "token",
  "user",
  "username",
];

/** The configuration of a command: kubeconfig and flags, in a pod its service account. Faults are clientcmd's. */
export function clientConfig(proc: Process, globals: Globals, given: ReadonlySet<string>): ClientConfig {
  const files = configFilesOf(proc, globals.kubeconfig);
  const unseen = connectionFlags.some((flag) => given.has(flag)) ? undefined : unmadeConfig(proc, files);
  if (unseen) return withFlags({ ...unseen, headers: {} }, globals, given);
  if (files.explicit && !proc.machine.files.find(files.explicit.path, proc.credentials))
    throw new CommandFault(`stat ${files.explicit.typed}: no such file or directory`);
  const config = loadConfig(proc, files);
  const chosen = choose(config, globals);
  checkUsable(proc, chosen);
  if (textIn(chosen.cluster, "server") === "") return withFlags(inCluster(proc) ?? nothingConfigured(), globals, given);
  return withFlags(fromEntries(proc, chosen), globals, given);
}

/** A kubeconfig that kubeadm wrote and nobody has looked into: what it says is known without making it. */
function unmadeConfig(proc: Process, { all }: ConfigFiles): Omit<ClientConfig, "headers"> | undefined {
  const { files } = proc.machine;
  const existing = all.filter((path) => files.find(path, proc.credentials));
  const path = existing[0];
  if (path === undefined || existing.length > 1 || !files.may(path, "r", proc.credentials)) return undefined;
  const maker = files.unmade(path);
  const known = maker && (proc.machine.parts.get(PKI_PART) as Pki | undefined)?.serverOf(maker);
  if (!maker || !known) return undefined;
  return {
    server: parseServer(`https://${known.address}:${known.port}`, true),
    namespace: "default",
    namespaceGiven: false,
    authority: undefined,
    insecure: false,
    serverName: undefined,
    clientCertificate: maker,
    clientKey: undefined,
  };
}

/** The entries that a command uses, with the flags laid over them. */
export interface Chosen {
  readonly clusterName: string;
  readonly cluster: Entry;
  readonly userName: string;
  readonly user: Entry;
  readonly namespace: string;
}

/** A cluster without a server means that nothing is configured. */
function choose(config: Config, globals: Globals): Chosen {
  const contextName = globals.context || config.currentContext;
  const context = config.contexts.get(contextName);
  if (contextName !== "" && !context)
    throw new ConfigFault([`context was not found for specified context: ${contextName}`]);
  const clusterName = globals.cluster || textIn(context, "cluster");
  const userName = globals.user || textIn(context, "user");
  if (globals.user !== "" && !config.users.has(globals.user))
    throw new CommandFault(`auth info ${JSON.stringify(globals.user)} does not exist`);
  if (globals.cluster !== "" && !config.clusters.has(globals.cluster))
    throw new CommandFault(`no server found for cluster ${JSON.stringify(globals.cluster)}`);
  const cluster = overlaid(config.clusters.get(clusterName), {
    server: globals.server,
    "certificate-authority": globals["certificate-authority"],
    "insecure-skip-tls-verify": globals["insecure-skip-tls-verify"] || undefined,
    "tls-server-name": globals["tls-server-name"],
  });
  const user = overlaid(config.users.get(userName), {
    "client-certificate": globals["client-certificate"],
    "client-key": globals["client-key"],
    token: globals.token,
    username: globals.username,
    password: globals.password,
  });
  return { clusterName, cluster, userName, user, namespace: textIn(context, "namespace") || "default" };
}

function overlaid(entry: Entry | undefined, flags: Record<string, string | boolean | undefined>): Entry {
  const set = Object.entries(flags).filter(([, value]) => value !== "" && value !== undefined);
  // A path on the command line hides data in the file.
  const hidden = set.map(([name]) => `${name}-data`);
  const kept = Object.entries(entry?.fields ?? {}).filter(([name]) => !hidden.includes(name));
  return { fields: Object.fromEntries([...kept, ...set]), origin: entry?.origin ?? "" };
}

function fromEntries(proc: Process, chosen: Chosen): ClientConfig {
  const { cluster, user, namespace } = chosen;
  const read = (path: string) => readText(proc, path);
  const text = (entry: Entry, field: string) => {
    const data = textIn(entry, `${field}-data`);
    if (data !== "") return textOf(fromBase64(data.replace(/\s/g, "")) ?? new Uint8Array());
    const path = textIn(entry, field);
    return path === "" ? undefined : read(path);
  };
  const authority = text(cluster, "certificate-authority");
  const clientCertificate = text(user, "client-certificate");
  const clientKey = text(user, "client-key");
  const insecure = cluster.fields["insecure-skip-tls-verify"] === true;
  checkedUser({ authority, clientCertificate, clientKey, insecure });
  const tokenFile = textIn(user, "tokenFile");
  const token = tokenFile === "" ? textIn(user, "token") : read(tokenFile).trim();
  const { username, password } = { username: textIn(user, "username"), password: textIn(user, "password") };
  const tls = authority !== undefined || clientCertificate !== undefined || insecure;
  const server = parseServer(textIn(cluster, "server"), tls);
  return {
    server,
    namespace,
    namespaceGiven: false,
    authority,
    insecure,
    serverName: textIn(cluster, "tls-server-name") || undefined,
    clientCertificate,
    clientKey,
    headers: {
      // Credentials are for TLS connections only (clientcmd's ClientConfig).
      ...(token === "" || !server.tls ? {} : { authorization: `Bearer ${token}` }),
      ...(username === "" || !server.tls ? {} : { authorization: `Basic ${btoa(`${username}:${password}`)}` }),
      ...impersonation(user),
    },
  };
}

function impersonation(user: Entry): Record<string, string> {
  const name = textIn(user, "as");
  return name === "" ? {} : { "impersonate-user": name };
}

/** What a process in a pod uses where it has no kubeconfig (rest.InClusterConfig). */
function inCluster(proc: Process): ClientConfig | undefined {
  const host = proc.env.get("KUBERNETES_SERVICE_HOST") ?? "";
  const port = proc.env.get("KUBERNETES_SERVICE_PORT") ?? "";
  const { files } = proc.machine;
  if (host === "" || port === "" || !files.find(`${SERVICE_ACCOUNT_FOLDER}/token`, proc.credentials)) return undefined;
  const read = (name: string) => {
    const path = `${SERVICE_ACCOUNT_FOLDER}/${name}`;
    return files.find(path, proc.credentials) ? files.read(path, proc.credentials) : undefined;
  };
  return {
    server: parseServer(`https://${host.includes(":") ? `[${host}]` : host}:${port}`, true),
    namespace: read("namespace")?.trim() || "default",
    namespaceGiven: false,
    authority: read("ca.crt"),
    insecure: false,
    serverName: undefined,
    clientCertificate: undefined,
    clientKey: undefined,
    headers: { authorization: `Bearer ${read("token")?.trim() ?? ""}` },
  };
}

function nothingConfigured(): ClientConfig {
  return {
    server: parseServer("http://localhost:8080", false),
    namespace: "default",
    namespaceGiven: false,
    authority: undefined,
    insecure: false,
    serverName: undefined,
    clientCertificate: undefined,
    clientKey: undefined,
    headers: {},
  };
}

function withFlags(config: ClientConfig, globals: Globals, given: ReadonlySet<string>): ClientConfig {
  const groups = globals["as-group"];
  const uid = globals["as-uid"];
  const headers: Record<string, string> = { ...config.headers };
  if (globals.as === "" && headers["impersonate-user"] === undefined && (groups.length > 0 || uid !== ""))
    throw new CommandFault("requesting uid, groups or user-extra for  without impersonating a user");
  if (globals.as !== "") headers["impersonate-user"] = globals.as;
  if (groups.length > 0) headers["impersonate-group"] = groups.join(",");
  if (uid !== "") headers["impersonate-uid"] = uid;
  return {
    ...config,
    headers,
    namespace: globals.namespace || config.namespace,
    namespaceGiven: given.has("namespace") && globals.namespace !== "",
  };
}

function readText(proc: Process, path: string): string {
  try {
    return proc.machine.files.read(pathOf(proc, path), proc.credentials);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(goErrno("open", path, error));
  }
}
