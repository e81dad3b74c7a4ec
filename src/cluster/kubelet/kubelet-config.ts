import { FormatError } from "../../base/format-error.ts";
import { parseYaml } from "../../base/yaml-in/parse-yaml.ts";
import { Errno } from "../../machine/define.ts";
import { type Files, root } from "../../machine/define-files.ts";
import type { Flags } from "../daemon/flags.ts";

/** What is read of the kubelet's configuration file (kubelet.config.k8s.io/v1beta1). */
export interface KubeletConfig {
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
  readonly staticPodPath: string | undefined;
  readonly clientCAFile: string | undefined;
  readonly anonymous: boolean;
  readonly tlsCertFile: string | undefined;
  readonly tlsPrivateKeyFile: string | undefined;
  readonly containerRuntimeEndpoint: string;
  readonly healthzBindAddress: string;
  /** 0: not served. */
  readonly healthzPort: number;
  readonly port: number;
}

const parsed = new Map<string, Record<string, unknown>>();

/** Reads the kubelet's configuration file. Throws Error with the words the kubelet exits with. */
export function readKubeletConfig(files: Files, path: string): KubeletConfig {
  const failed = (why: string) =>
    new Error(
      `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error ${why}`,
    );
  let text: string;
  try {
    text = files.read(path, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw failed(`failed to read kubelet config file "${path}", error: open ${path}: ${error.message.toLowerCase()}`);
  }
  let value = parsed.get(text);
  if (!value) {
    try {
      value = (parseYaml(text) ?? {}) as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw failed(error.message);
    }
    parsed.set(text, value);
  }
  if (value.kind !== "KubeletConfiguration")
    throw failed(
      `no kind "${value.kind ?? ""}" is registered for version "${value.apiVersion ?? ""}" in scheme "pkg/kubelet/apis/config/scheme/scheme.go:33"`,
    );
  const authentication = value.authentication as
    | { x509?: { clientCAFile?: string }; anonymous?: { enabled?: boolean } }
    | undefined;
  const named = (key: string) => (typeof value?.[key] === "string" && value[key] !== "" ? value[key] : undefined);
  return {
    clusterDNS: (value.clusterDNS as string[] | undefined) ?? [],
    clusterDomain: (value.clusterDomain as string | undefined) ?? "",
    staticPodPath: value.staticPodPath as string | undefined,
    clientCAFile: authentication?.x509?.clientCAFile || undefined,
    anonymous: authentication?.anonymous?.enabled === true,
    tlsCertFile: named("tlsCertFile"),
    tlsPrivateKeyFile: named("tlsPrivateKeyFile"),
    containerRuntimeEndpoint: named("containerRuntimeEndpoint") ?? "unix:///run/containerd/containerd.sock",
    healthzBindAddress: named("healthzBindAddress") ?? "127.0.0.1",
    healthzPort: Number(value.healthzPort ?? 10248),
    port: Number(value.port ?? 10250) || 10250,
  };
}

/** The configuration with what the command line says: flags win over the file. */
export function withFlags(config: KubeletConfig, flags: Flags): KubeletConfig {
  const number = (flag: string, usual: number) => (flags[flag] === undefined ? usual : Number(flags[flag]));
  return {
    clusterDNS: flags["cluster-dns"]?.split(",") ?? config.clusterDNS,
    clusterDomain: flags["cluster-domain"] ?? config.clusterDomain,
    staticPodPath: flags["pod-manifest-path"] ?? config.staticPodPath,
    clientCAFile: flags["client-ca-file"] ?? config.clientCAFile,
    anonymous: flags["anonymous-auth"] === undefined ? config.anonymous : flags["anonymous-auth"] === "true",
    tlsCertFile: flags["tls-cert-file"] ?? config.tlsCertFile,
    tlsPrivateKeyFile: flags["tls-private-key-file"] ?? config.tlsPrivateKeyFile,
    containerRuntimeEndpoint: flags["container-runtime-endpoint"] ?? config.containerRuntimeEndpoint,
    healthzBindAddress: flags["healthz-bind-address"] ?? config.healthzBindAddress,
    healthzPort: number("healthz-port", config.healthzPort),
    port: number("port", config.port),
  };
}
