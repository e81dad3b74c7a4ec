import { root } from "../machine/define-files.ts";
import type { Machine } from "../machine/machine.ts";
import { Unreachable } from "./apiserver/define.ts";
import type { Pki } from "./kubeadm/pki.ts";
import { ConfigFault, readClientConfig } from "./kubeconfig.ts";

/** Where a pod finds its service account's token and the cluster's authority (rest.InClusterConfig). */
export const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The machine's part under which a host keeps the cluster's certificates as kubeadm made them. */
export const PKI_PART = "pki";

/** A container's part: where KUBERNETES_SERVICE_HOST and _PORT of its environment point to. */
export const API_SERVICE_PART = "api-service";

/** A server, and what a client shows it and expects of it. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** What would make the credentials' file, where nobody has touched it. */
  readonly maker: (() => string) | undefined;
  /** The name that the server's certificate must be valid for, and whom it must be signed by. */
  readonly host: string;
  readonly authority?: () => string | undefined;
  config(): { headers: Record<string, string>; clientCertificate?: string | undefined };
}

/** What a kubeconfig says of the server and of oneself. Throws Errno, FormatError and ConfigFault, and Unreachable where the name is not known. */
export function readTarget(machine: Machine, kubeconfig: string): Target {
  const maker = machine.files.unmade(kubeconfig);
  const known = maker && pkiOf(machine)?.serverOf(maker);
  if (known) {
    const text = () => readClientConfig(machine.files, kubeconfig, root).certificateAuthority;
    return { ...known, host: known.address, maker, config: () => ({ headers: {} }), authority: text };
  }
  const config = readClientConfig(machine.files, kubeconfig, root);
  if (config.missing) {
    const { what, path } = config.missing;
    const why = `due to open ${path}: no such file or directory`;
    throw new ConfigFault(`invalid configuration: unable to read ${what} ${path} for ${config.missing.of} ${why}`);
  }
  const url = /^https?:\/\/(?:\[([^\]]+)\]|([^:/]+))(?::(\d+))?/.exec(config.server);
  if (!url) throw new ConfigFault(`invalid configuration: invalid server ${config.server}`);
  const host = url[1] ?? url[2] ?? "";
  const resolved = machine.network.resolve(machine, host);
  if ("failed" in resolved) throw new Unreachable(`dial tcp: lookup ${url[2]}: no such host`);
  return {
    address: resolved.addresses[0] ?? "",
    port: Number(url[3] ?? 443),
    host,
    ...(config.insecure ? {} : { authority: () => config.certificateAuthority }),
    maker: config.tokenFile === undefined ? undefined : machine.files.unmade(config.tokenFile),
    config: () => ({
      headers: config.token ? { authorization: `Bearer ${config.token}` } : ({} as Record<string, string>),
      clientCertificate: config.clientCertificate,
    }),
  };
}

/** The server and account of a pod (rest.InClusterConfig). Throws Unreachable outside of one. */
export function inCluster(machine: Machine): Target {
  const token = `${SERVICE_ACCOUNT_FOLDER}/token`;
  const service = machine.parts.get(API_SERVICE_PART) as { address: string; port: number } | undefined;
  if (!service)
    throw new Unreachable("unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST must be defined");
  const maker = machine.files.unmade(token);
  if (!maker && !machine.files.find(token, root)) throw new Unreachable(`open ${token}: no such file or directory`);
  return {
    ...service,
    maker,
    host: service.address,
    authority: () => machine.files.read(`${SERVICE_ACCOUNT_FOLDER}/ca.crt`, root),
    config: () => ({ headers: { authorization: `Bearer ${machine.files.read(token, root).trim()}` } }),
  };
}

/** The certificates of the cluster that a host, or the host of a container, belongs to. */
export function pkiOf(machine: Machine): Pki | undefined {
  return (machine.host ?? machine).parts.get(PKI_PART) as Pki | undefined;
}
