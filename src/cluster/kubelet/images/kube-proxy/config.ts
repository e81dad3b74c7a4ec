import { cidrIn, parseIp } from "../../../../base/cidr.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { goQuote } from "../../../../base/go-text.ts";
import type { Json, JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { parseYaml } from "../../../../base/yaml-in/parse-yaml.ts";
import { type ProxyMode, type ProxySettings, usualSettings } from "../../../network/services/define.ts";

const VERSION = "kubeproxy.config.k8s.io/v1alpha1";
const KIND = "KubeProxyConfiguration";
const LOCAL_MODES = ["ClusterCIDR", "NodeCIDR", "BridgeInterface", "InterfaceNamePrefix", ""] as const;
const MODES = ["iptables", "ipvs", "nftables"] as const;

/** Why kube-proxy cannot begin, in its words. */
export class ConfigFault extends Error {}

/** What config.conf says. */
export interface ProxyConfig {
  readonly settings: ProxySettings;
  /** The mode is said, not chosen by kube-proxy itself. */
  readonly isModeGiven: boolean;
  readonly isSchedulerGiven: boolean;
  readonly kubeconfig: string;
  readonly hostname: string;
  readonly healthz: { readonly address: string; readonly port: number } | undefined;
  readonly metrics: { readonly address: string; readonly port: number } | undefined;
  /** What strict decoding would not take. */
  readonly lenient: string | undefined;
}

const fields: Readonly<Record<string, string>> = {
  "": `apiVersion kind featureGates clientConnection logging hostnameOverride bindAddress healthzBindAddress
    metricsBindAddress bindAddressHardFail enableProfiling showHiddenMetricsForVersion mode iptables ipvs nftables
    winkernel detectLocalMode detectLocal clusterCIDR nodePortAddresses oomScoreAdj conntrack configSyncPeriod
    portRange windowsRunAsService`,
  clientConnection: "kubeconfig acceptContentTypes contentType qps burst",
  iptables: "masqueradeBit masqueradeAll localhostNodePorts syncPeriod minSyncPeriod",
  ipvs: "syncPeriod minSyncPeriod scheduler excludeCIDRs strictARP tcpTimeout tcpFinTimeout udpTimeout",
  nftables: "masqueradeBit masqueradeAll syncPeriod minSyncPeriod",
  detectLocal: "bridgeInterface interfaceNamePrefix",
};

/** The types of the fields that matter here, as Go's decoder names them. */
const strings = [
  ["mode", "v1alpha1.ProxyMode"],
  ["clusterCIDR", "string"],
  ["healthzBindAddress", "string"],
  ["metricsBindAddress", "string"],
  ["hostnameOverride", "string"],
  ["detectLocalMode", "v1alpha1.LocalMode"],
] as const;

/** What was read before: all nodes of a cluster, and most clusters, have the same file. */
const read = new Map<string, ProxyConfig>();

/** Reads the file of --config (cmd/kube-proxy/app/options.go, 1.35). Throws ConfigFault. */
export function readProxyConfig(text: string): ProxyConfig {
  let config = read.get(text);
  if (config === undefined) {
    if (read.size > 50) read.clear();
    config = checked(text);
    read.set(text, config);
  }
  return config;
}

function checked(text: string): ProxyConfig {
  const body = bodyOf(text);
  for (const [name, type] of strings) {
    const value = body[name];
    if (value === undefined || value === null || typeof value === "string") continue;
    const found = typeof value === "boolean" ? "bool" : Array.isArray(value) ? "array" : typeof value;
    const field = `${KIND}.${name}`;
    throw undecodable(`json: cannot unmarshal ${found} into Go struct field ${field} of type ${type}`);
  }
  const config = settingsOf(body);
  const problems = problemsOf(body);
  if (problems.length > 0)
    throw new ConfigFault(`failed validate: ${problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`}`);
  return config;
}

const undecodable = (why: string) => new ConfigFault(`failed complete: failed to decode: ${why}`);

function bodyOf(text: string): JsonObject {
  let value: Json | undefined;
  try {
    value = parseYaml(text) as Json | undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw undecodable(error.message);
  }
  if (value !== null && value !== undefined && !isObject(value)) {
    const into = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
    const found = Array.isArray(value) ? "array" : typeof value;
    throw undecodable(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type ${into}`,
    );
  }
  const body: JsonObject = isObject(value) ? value : {};
  if (!body.kind) throw undecodable(`Object 'Kind' is missing in '${text}'`);
  if (!body.apiVersion) throw undecodable(`Object 'apiVersion' is missing in '${text}'`);
  if (body.apiVersion !== VERSION || body.kind !== KIND)
    throw undecodable(
      `no kind "${body.kind}" is registered for version "${body.apiVersion}" in scheme "pkg/proxy/apis/config/scheme/scheme.go:29"`,
    );
  return body;
}

const part = (body: JsonObject, name: string): JsonObject => {
  const value = body[name];
  return isObject(value) ? value : {};
};

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

function settingsOf(body: JsonObject): ProxyConfig {
  const given = textOf(body.mode);
  const mode: ProxyMode = MODES.find((one) => one === given) ?? "iptables";
  const own = part(body, mode === "nftables" ? "nftables" : "iptables");
  const detect = textOf(body.detectLocalMode) || "ClusterCIDR";
  const ranges = textOf(body.clusterCIDR)
    .split(",")
    .filter((range) => range !== "");
  const nodePorts = Array.isArray(body.nodePortAddresses) ? body.nodePortAddresses.map(String) : [];
  return {
    settings: {
      ...usualSettings,
      mode,
      clusterCIDRs: detect === "ClusterCIDR" ? ranges : [],
      masqueradeAll: own.masqueradeAll === true,
      // nftables accepts node ports at the node's first address alone where nothing is said (1.35).
      nodePortAddresses:
        nodePorts[0] === "primary" || (mode === "nftables" && nodePorts.length === 0)
          ? "primary"
          : nodePorts.length > 0
            ? nodePorts
            : undefined,
      localhostNodePorts: part(body, "iptables").localhostNodePorts !== false,
      scheduler: textOf(part(body, "ipvs").scheduler) || "rr",
    },
    isModeGiven: given !== "",
    isSchedulerGiven: textOf(part(body, "ipvs").scheduler) !== "",
    kubeconfig: textOf(part(body, "clientConnection").kubeconfig),
    hostname: textOf(body.hostnameOverride),
    healthz: bindOf(textOf(body.healthzBindAddress), "0.0.0.0", 10256),
    metrics: bindOf(textOf(body.metricsBindAddress), "127.0.0.1", 10249),
    lenient: unknownFields(body),
  };
}

/** "10.0.0.1:80", "[::]:80", or an address alone. */
function bindOf(text: string, address: string, port: number): ProxyConfig["healthz"] {
  if (text === "") return { address, port };
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  if (!match) return { address: text, port };
  return { address: match[1] ?? match[2] ?? "", port: Number(match[3]) };
}

function unknownFields(body: JsonObject): string | undefined {
  const unknown: string[] = [];
  for (const [name, known] of Object.entries(fields)) {
    const words = known.split(/\s+/);
    const here = name === "" ? body : part(body, name);
    for (const key of Object.keys(here))
      if (!words.includes(key)) unknown.push(`unknown field ${goQuote(name === "" ? key : `${name}.${key}`)}`);
  }
  return unknown.length > 0 ? `strict decoding error: ${unknown.join(", ")}` : undefined;
}

/** What is invalid (pkg/proxy/apis/config/validation, 1.35). */
function problemsOf(body: JsonObject): string[] {
  const problems: string[] = [];
  const mode = textOf(body.mode);
  const invalid = (field: string, value: string, why: string) =>
    problems.push(`${KIND}.${field}: Invalid value: ${goQuote(value)}: ${why}`);
  if (mode !== "" && !MODES.some((one) => one === mode))
    invalid(
      "Mode.ProxyMode",
      mode,
      `must be ${MODES.join(", ")} or blank (blank means the best-available proxy [currently iptables])`,
    );
  for (const range of textOf(body.clusterCIDR)
    .split(",")
    .filter((one) => one !== ""))
    if (cidrIn(range) === undefined)
      invalid("ClusterCIDR", range, "must be a valid CIDR block (e.g. 10.100.0.0/16 or FD02::0:0:0/96)");
  const detect = textOf(body.detectLocalMode);
  if (!LOCAL_MODES.some((one) => one === detect))
    problems.push(
      `${KIND}.DetectLocalMode: Unsupported value: ${goQuote(detect)}: supported values: ${LOCAL_MODES.map(goQuote).join(", ")}`,
    );
  const bind = textOf(body.bindAddress);
  if (bind !== "" && !parseIp(bind))
    invalid("BindAddress", bind, "not a valid textual representation of an IP address");
  const nodePorts = Array.isArray(body.nodePortAddresses) ? body.nodePortAddresses.map(String) : [];
  for (const [at, range] of nodePorts.entries()) {
    if (range === "primary") {
      if (nodePorts.length > 1) invalid(`NodePortAddresses[${at}]`, range, "can't use both 'primary' and CIDRs");
    } else if (cidrIn(range) === undefined) invalid(`NodePortAddresses[${at}]`, range, "must be a valid CIDR block");
  }
  return problems;
}
