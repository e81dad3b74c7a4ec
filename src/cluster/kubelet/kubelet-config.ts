import { SECOND } from "../../base/clock.ts";
import { FormatError } from "../../base/format-error.ts";
import { parseGoDuration } from "../../base/go-duration.ts";
import { wholeValue } from "../../base/quantity.ts";
import { parseYaml } from "../../base/yaml-in/parse-yaml.ts";
import { Errno } from "../../machine/define.ts";
import { type Files, root } from "../../machine/define-files.ts";
import type { Flags } from "../daemon/flags.ts";
import type { ImageCollection } from "./eviction/image-collection.ts";
import { type EvictionConfig, readEviction, readSigned } from "./eviction/thresholds.ts";

/** What is read of the kubelet's configuration file (kubelet.config.k8s.io/v1beta1). */
export interface KubeletConfig {
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
  /** The node's own resolv.conf, which pods get nameservers and search domains from; "" for none. */
  readonly resolvConf: string;
  readonly staticPodPath: string | undefined;
  readonly clientCAFile: string | undefined;
  readonly anonymous: boolean;
  /** Whether the API server is asked about bearer tokens. */
  readonly tokenWebhook: boolean;
  /** Webhook or AlwaysAllow. */
  readonly authorizationMode: string;
  readonly tlsCertFile: string | undefined;
  readonly tlsPrivateKeyFile: string | undefined;
  readonly containerRuntimeEndpoint: string;
  readonly healthzBindAddress: string;
  /** 0: not served. */
  readonly healthzPort: number;
  readonly port: number;
  readonly maxPods: number;
  /** What of the node is kept back for its system, by resource. */
  readonly reserved: readonly Readonly<Record<string, string>>[];
  readonly eviction: EvictionConfig;
  readonly imageCollection: ImageCollection;
  /** allowedUnsafeSysctls. */
  readonly unsafeSysctls: readonly string[];
  /** containerLogMaxSize and containerLogMaxFiles. */
  readonly logs: { readonly size: number; readonly files: number };
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
    | { x509?: { clientCAFile?: string }; anonymous?: { enabled?: boolean }; webhook?: { enabled?: boolean } }
    | undefined;
  const authorization = value.authorization as { mode?: string } | undefined;
  const named = (key: string) => (typeof value?.[key] === "string" && value[key] !== "" ? value[key] : undefined);
  return {
    clusterDNS: (value.clusterDNS as string[] | undefined) ?? [],
    clusterDomain: (value.clusterDomain as string | undefined) ?? "",
    resolvConf: (value.resolvConf as string | undefined) ?? "/etc/resolv.conf",
    staticPodPath: value.staticPodPath as string | undefined,
    clientCAFile: authentication?.x509?.clientCAFile || undefined,
    anonymous: authentication?.anonymous?.enabled === true,
    tokenWebhook: authentication?.webhook?.enabled !== false,
    authorizationMode: authorization?.mode || "Webhook",
    tlsCertFile: named("tlsCertFile"),
    tlsPrivateKeyFile: named("tlsPrivateKeyFile"),
    containerRuntimeEndpoint: named("containerRuntimeEndpoint") ?? "unix:///run/containerd/containerd.sock",
    healthzBindAddress: named("healthzBindAddress") ?? "127.0.0.1",
    healthzPort: Number(value.healthzPort ?? 10248),
    port: Number(value.port ?? 10250) || 10250,
    ...limitsIn(value),
  };
}

/** What the configuration says of how much the node gives. */
function limitsIn(
  value: Readonly<Record<string, unknown>>,
): Pick<KubeletConfig, "maxPods" | "reserved" | "eviction" | "imageCollection" | "unsafeSysctls" | "logs"> {
  const list = (key: string) => (value[key] ?? {}) as Readonly<Record<string, string>>;
  return {
    maxPods: Number(value.maxPods ?? 110),
    reserved: [list("kubeReserved"), list("systemReserved")],
    eviction: readEviction(value),
    imageCollection: {
      // kubeadm writes 0s, which stands for the default.
      youngest: parseGoDuration(String(value.imageMinimumGCAge ?? "0s")) / SECOND || 120,
      high: Number(value.imageGCHighThresholdPercent ?? 85),
      low: Number(value.imageGCLowThresholdPercent ?? 80),
    },
    unsafeSysctls: (value.allowedUnsafeSysctls as string[] | undefined) ?? [],
    logs: {
      size: wholeValue(String(value.containerLogMaxSize ?? "10Mi")),
      files: Number(value.containerLogMaxFiles ?? 5),
    },
  };
}

/** The configuration with what the command line says: flags win over the file. */
export function withFlags(config: KubeletConfig, flags: Flags): KubeletConfig {
  const number = (flag: string, usual: number) => (flags[flag] === undefined ? usual : Number(flags[flag]));
  return {
    clusterDNS: flags["cluster-dns"]?.split(",") ?? config.clusterDNS,
    clusterDomain: flags["cluster-domain"] ?? config.clusterDomain,
    resolvConf: flags["resolv-conf"] ?? config.resolvConf,
    staticPodPath: flags["pod-manifest-path"] ?? config.staticPodPath,
    clientCAFile: flags["client-ca-file"] ?? config.clientCAFile,
    anonymous: flags["anonymous-auth"] === undefined ? config.anonymous : flags["anonymous-auth"] === "true",
    tokenWebhook:
      flags["authentication-token-webhook"] === undefined
        ? config.tokenWebhook
        : flags["authentication-token-webhook"] === "true",
    authorizationMode: flags["authorization-mode"] ?? config.authorizationMode,
    tlsCertFile: flags["tls-cert-file"] ?? config.tlsCertFile,
    tlsPrivateKeyFile: flags["tls-private-key-file"] ?? config.tlsPrivateKeyFile,
    containerRuntimeEndpoint: flags["container-runtime-endpoint"] ?? config.containerRuntimeEndpoint,
    healthzBindAddress: flags["healthz-bind-address"] ?? config.healthzBindAddress,
    healthzPort: number("healthz-port", config.healthzPort),
    port: number("port", config.port),
    ...limitFlags(config, flags),
  };
}

function limitFlags(
  config: KubeletConfig,
  flags: Flags,
): Pick<KubeletConfig, "maxPods" | "reserved" | "eviction" | "unsafeSysctls" | "imageCollection" | "logs"> {
  const [kube, system] = ["kube-reserved", "system-reserved"].map((name, at) =>
    flags[name] === undefined ? config.reserved[at] : readSigned(flags[name] ?? "", "="),
  );
  const hard = flags["eviction-hard"];
  const soft = flags["eviction-soft"];
  const ofFlags = {
    ...(hard === undefined ? {} : { evictionHard: readSigned(hard, "<") }),
    ...(soft === undefined ? {} : { evictionSoft: readSigned(soft, "<") }),
    evictionSoftGracePeriod: readSigned(flags["eviction-soft-grace-period"] ?? "", "="),
    evictionMinimumReclaim: readSigned(flags["eviction-minimum-reclaim"] ?? "", "="),
    evictionPressureTransitionPeriod: flags["eviction-pressure-transition-period"],
    evictionMaxPodGracePeriod: flags["eviction-max-pod-grace-period"],
  };
  return {
    maxPods: flags["max-pods"] === undefined ? config.maxPods : Number(flags["max-pods"]),
    reserved: [kube ?? {}, system ?? {}],
    eviction: hard === undefined && soft === undefined ? config.eviction : readEviction(ofFlags),
    imageCollection: config.imageCollection,
    logs: config.logs,
    unsafeSysctls: flags["allowed-unsafe-sysctls"]?.split(",") ?? config.unsafeSysctls,
  };
}
