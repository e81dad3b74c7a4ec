import { fromBase64 } from "../base/base64.ts";
import { textOf } from "../base/text-bytes.ts";
import { parseYaml } from "../base/yaml-in/parse-yaml.ts";
import type { Credentials } from "../machine/define.ts";
import type { Files } from "../machine/define-files.ts";

/** A kubeconfig file as it stands (clientcmd/v1, 1.35): only what is used here is typed. */
export interface Kubeconfig {
  apiVersion?: string;
  kind?: string;
  "current-context"?: string;
  clusters?: { name: string; cluster: Cluster }[];
  contexts?: { name: string; context: { cluster?: string; user?: string; namespace?: string } }[];
  users?: { name: string; user: User }[];
  preferences?: Record<string, unknown>;
}

interface Cluster {
  server?: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
}

interface User {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
}

/** What is wrong with a kubeconfig that can be read. */
export class ConfigFault extends Error {}

/** Whom to talk to and as whom: a kubeconfig's context with its files read. PEM texts. */
export interface ClientConfig {
  readonly server: string;
  /** A file that it names and that is not there: its key, and the cluster or user it belongs to. */
  readonly missing: { readonly what: string; readonly path: string; readonly of: string } | undefined;
  readonly namespace: string | undefined;
  readonly certificateAuthority: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly token: string | undefined;
  /** The file that the token is read from, where it is one. */
  readonly tokenFile: string | undefined;
  readonly insecure: boolean;
}

const decoded = (data: string | undefined) =>
  data === undefined ? undefined : textOf(fromBase64(data) ?? new Uint8Array());

const known = new Map<string, Kubeconfig | undefined>();

/** The same kubeconfig is read by the components of many nodes and worlds. */
function parsed(text: string): Kubeconfig | undefined {
  if (known.size > 100) known.clear();
  if (!known.has(text)) known.set(text, parseYaml(text) as Kubeconfig | undefined);
  return known.get(text);
}

/**
 * The client configuration of a component's kubeconfig file. Paths in it are relative to the file. Throws Errno where
 * a file is missing, FormatError where it is no YAML and ConfigFault where its context leads nowhere.
 */
export function readClientConfig(files: Files, path: string, who: Credentials): ClientConfig {
  const read = parsed(files.read(path, who));
  const config = typeof read === "object" ? read : undefined;
  const context = config?.contexts?.find((c) => c.name === config["current-context"])?.context;
  const cluster = config?.clusters?.find((c) => c.name === context?.cluster)?.cluster;
  const user = config?.users?.find((u) => u.name === context?.user)?.user;
  if (!cluster?.server) throw new ConfigFault("invalid configuration: no configuration has been provided");
  const folder = path.replace(/\/[^/]*$/, "");
  const text = (data: string | undefined, file: string | undefined) =>
    decoded(data) ?? (file ? files.read(file.startsWith("/") ? file : `${folder}/${file}`, who) : undefined);
  // Certificates are read when they are asked for: making one takes milliseconds.
  return {
    server: cluster.server,
    missing: missingFile(files, folder, who, [
      ["certificate-authority", cluster["certificate-authority"], context?.cluster],
      ["client-cert", user?.["client-certificate"], context?.user],
      ["client-key", user?.["client-key"], context?.user],
    ]),
    namespace: context?.namespace,
    get certificateAuthority() {
      return text(cluster["certificate-authority-data"], cluster["certificate-authority"]);
    },
    get clientCertificate() {
      return text(user?.["client-certificate-data"], user?.["client-certificate"]);
    },
    get clientKey() {
      return text(user?.["client-key-data"], user?.["client-key"]);
    },
    get token() {
      return user?.token ?? (user?.tokenFile ? files.read(user.tokenFile, who).trim() : undefined);
    },
    tokenFile: user?.token ? undefined : user?.tokenFile,
    insecure: cluster["insecure-skip-tls-verify"] ?? false,
  };
}

function missingFile(
  files: Files,
  folder: string,
  who: Credentials,
  named: readonly (readonly [what: string, path: string | undefined, of: string | undefined])[],
): ClientConfig["missing"] {
  for (const [what, name, of = ""] of named) {
    const path = name === undefined || name.startsWith("/") ? name : `${folder}/${name}`;
    if (path && !files.find(path, who)) return { what, path, of };
  }
  return undefined;
}
