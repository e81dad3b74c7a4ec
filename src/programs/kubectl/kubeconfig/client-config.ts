import { fromBase64 } from "../../../base/base64.ts";
import type { Micros } from "../../../base/clock.ts";
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
import { checkedUser, checkUsable, refuseUnsimulated } from "./check-usable.ts";
import { type Config, type Entry, textIn } from "./define.ts";
import { type Impersonation, impersonationHeaders, impersonationOf } from "./impersonation.ts";
import { requestTimeout } from "./request-timeout.ts";
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
  /** Nothing says who asks: kubectl then asks for a name and a password. */
  readonly nameless?: boolean;
  /** How long a request may take (--request-timeout), 0 for ever. */
  readonly timeout: Micros;
}

/** What kubeconfig and environment say; the flags are laid over it. */
type Unflagged = Omit<ClientConfig, "timeout">;

export type Globals = FlagValues<typeof globalFlags>;

/** The flags that say something about the connection, beside the namespace. */
const connectionFlags = [
  "as-group",
  "as-uid",
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

/** A kubeconfig that was read: what stands in it may still be wrong. */
export interface LoadedConfig {
  /** Throws where the context is not there, or what it names cannot be used. */
  check(): void;
  whole(): ClientConfig;
}

/** The configuration of a command: kubeconfig and flags, in a pod its service account. Faults are clientcmd's. */
export function loadClientConfig(proc: Process, globals: Globals, given: ReadonlySet<string>): LoadedConfig {
  const files = configFilesOf(proc, globals.kubeconfig);
  const unseen = connectionFlags.some((flag) => given.has(flag)) ? undefined : unmadeConfig(proc, files);
  if (unseen) return { check() {}, whole: () => withFlags({ ...unseen, headers: {} }, globals, given) };
  if (files.explicit && !proc.machine.files.find(files.explicit, proc.credentials))
    throw new CommandFault(`stat ${files.typed.get(files.explicit)}: no such file or directory`);
  const config = loadConfig(proc, files);
  let chosen: Chosen | undefined;
  const usable = () => {
    if (chosen) return chosen;
    const one = choose(config, globals);
    checkUsable(proc, one);
    chosen = one;
    return one;
  };
  return {
    // Behind -n nobody asks for the context's namespace, and so nothing is looked at yet (clientcmd's Namespace, 1.33).
    check: () => void (globals.namespace === "" && usable()),
    whole() {
      checkNames(config, globals);
      const one = usable();
      const own = textIn(one.cluster, "server") !== "";
      return withFlags(own ? fromEntries(proc, one) : (inCluster(proc) ?? nothingConfigured()), globals, given);
    },
  };
}

/** Names of the command line that the kubeconfig does not have. */
function checkNames(config: Config, { user, context, cluster }: Globals): void {
  if (user !== "" && !config.users.has(user))
    throw new CommandFault(`auth info ${JSON.stringify(user)} does not exist`);
  if (context !== "" && !config.contexts.has(context))
    throw new CommandFault(`context ${JSON.stringify(context)} does not exist`);
  if (cluster !== "" && !config.clusters.has(cluster))
    throw new CommandFault(`no server found for cluster ${JSON.stringify(cluster)}`);
}

/** A kubeconfig that kubeadm wrote and nobody has looked into: what it says is known without making it. */
function unmadeConfig(proc: Process, { all }: ConfigFiles): Omit<Unflagged, "headers"> | undefined {
  const { files } = proc.machine;
  const existing = all.filter((path) => files.find(path, proc.credentials));
  const path = existing[0];
  if (path === undefined || existing.length > 1 || !files.may(path, "r", proc.credentials)) return undefined;
  const maker = files.unmade(path);
  const known = maker && (proc.machine.parts.get(PKI_PART) as Pki | undefined)?.serverOf(maker);
  if (!maker || !known) return undefined;
  return {
    server: parseServer(`https://${known.address}:${known.port}`),
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
  readonly impersonation: Impersonation;
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
  const cluster = clusterWith(config.clusters.get(clusterName), globals);
  const user = overlaid(config.users.get(userName), {
    "client-certificate": globals["client-certificate"],
    "client-key": globals["client-key"],
    token: globals.token,
    username: globals.username,
    password: globals.password,
  });
  const impersonation = impersonationOf(user, globals);
  return { clusterName, cluster, userName, user, impersonation, namespace: textIn(context, "namespace") || "default" };
}

/** A cluster with the flags over it: flags about trust and address replace all that the file says of it (getCluster, 1.33). */
function clusterWith(entry: Entry | undefined, globals: Globals): Entry {
  const authority = globals["certificate-authority"];
  const insecure = globals["insecure-skip-tls-verify"];
  const trust = ["certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify"];
  const hidden = [
    ...(insecure || authority !== "" ? trust : []),
    ...(globals["tls-server-name"] !== "" || globals.server !== "" ? ["tls-server-name"] : []),
  ];
  const kept = Object.entries(entry?.fields ?? {}).filter(([name]) => !hidden.includes(name));
  return overlaid(entry && { ...entry, fields: Object.fromEntries(kept) }, {
    server: globals.server,
    "certificate-authority": authority,
    "insecure-skip-tls-verify": insecure || undefined,
    "tls-server-name": globals["tls-server-name"],
  });
}

function overlaid(entry: Entry | undefined, flags: Record<string, string | boolean | undefined>): Entry {
  const set = Object.entries(flags).filter(([, value]) => value !== "" && value !== undefined);
  return { fields: { ...entry?.fields, ...Object.fromEntries(set) }, origin: entry?.origin ?? "" };
}

function fromEntries(proc: Process, chosen: Chosen): Unflagged {
  const { cluster, user, namespace } = chosen;
  const server = parseServer(textIn(cluster, "server"));
  // Credentials and certificates are for TLS connections only (clientcmd's ClientConfig, 1.33).
  if (!server.tls) return { ...nothingConfigured(), server, namespace };
  const read = (path: string) => readText(proc, path);
  const text = (entry: Entry, field: string) => {
    const data = textIn(entry, `${field}-data`);
    if (data !== "") return decoded(data);
    const path = textIn(entry, field);
    return path === "" ? undefined : read(path);
  };
  const authority = text(cluster, "certificate-authority");
  const clientCertificate = text(user, "client-certificate");
  const clientKey = text(user, "client-key");
  const insecure = cluster.fields["insecure-skip-tls-verify"] === true;
  refuseUnsimulated(chosen);
  checkedUser(proc, { authority, clientCertificate, clientKey, insecure });
  const tokenFile = textIn(user, "tokenFile");
  const token = tokenFile === "" ? textIn(user, "token") : read(tokenFile).trim();
  const { username, password } = { username: textIn(user, "username"), password: textIn(user, "password") };
  return {
    server,
    namespace,
    namespaceGiven: false,
    authority,
    insecure,
    serverName: textIn(cluster, "tls-server-name") || undefined,
    clientCertificate,
    clientKey,
    nameless: clientCertificate === undefined && token === "" && username === "",
    headers: {
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(username === "" ? {} : { authorization: `Basic ${btoa(`${username}:${password}`)}` }),
      ...impersonationHeaders(chosen.impersonation),
    },
  };
}

/** Data that was decoded before: the same kubeconfig is used by every command. */
const known = new Map<string, string>();
const KNOWN_LIMIT = 64;

function decoded(data: string): string {
  let text = known.get(data);
  if (text === undefined) {
    text = textOf(fromBase64(data.replace(/\s/g, "")) ?? new Uint8Array());
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(data, text);
  }
  return text;
}

/** What a process in a pod uses where it has no kubeconfig (rest.InClusterConfig). */
function inCluster(proc: Process): Unflagged | undefined {
  const host = proc.env.get("KUBERNETES_SERVICE_HOST") ?? "";
  const port = proc.env.get("KUBERNETES_SERVICE_PORT") ?? "";
  const { files } = proc.machine;
  if (host === "" || port === "" || !files.find(`${SERVICE_ACCOUNT_FOLDER}/token`, proc.credentials)) return undefined;
  const read = (name: string) => {
    const path = `${SERVICE_ACCOUNT_FOLDER}/${name}`;
    return files.find(path, proc.credentials) ? files.read(path, proc.credentials) : undefined;
  };
  return {
    server: parseServer(`https://${host.includes(":") ? `[${host}]` : host}:${port}`),
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

function nothingConfigured(): Unflagged {
  return {
    server: parseServer("http://localhost:8080"),
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

function withFlags(config: Unflagged, globals: Globals, given: ReadonlySet<string>): ClientConfig {
  const other = impersonationHeaders(impersonationOf(undefined, globals));
  return {
    ...config,
    headers: { ...config.headers, ...other },
    timeout: requestTimeout(globals["request-timeout"]),
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
