import { fromBase64 } from "../../base/base64.ts";
import { goQuote } from "../../base/go-text.ts";
import { textOf } from "../../base/text-bytes.ts";
import { amountOf } from "../../kinds/pod-resources.ts";
import type { ConfigMap, Secret, Service } from "../../kinds/types/core.ts";
import type { Container, EnvVar, Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import { EnvFileError, envFileValue } from "./env-file.ts";
import { CONFIG_SOURCE } from "./static-pods.ts";

/** Why a container cannot be made from its spec: CreateContainerConfigError with this text. */
export class ConfigError extends Error {}

/** What the kubelet knows beside the pod's spec. */
export interface PodFacts {
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
  readonly node: string;
  /** The node's allocatable, for limits that are not set. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/** A file of one of the pod's volumes: where it lies on the node, and its text where it can be read. */
export type FileInVolume = (volume: string, path: string) => { readonly path: string; readonly text?: string };

/** A container's environment (kubelet_pods.go makeEnvironmentVariables, 1.35): services, envFrom, then env in order. */
export function containerEnvironment(
  api: Api,
  pod: Pod,
  container: Container,
  image: Readonly<Record<string, string>>,
  facts: PodFacts,
  files: FileInVolume,
): Map<string, string> {
  const env = new Map<string, string>([["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]]);
  env.set("HOSTNAME", pod.spec.hostNetwork ? facts.node : (pod.spec.hostname ?? pod.metadata.name));
  for (const [name, value] of Object.entries(image)) env.set(name, value);
  const services = serviceVariables(api, pod);
  const own = new Map<string, string>();
  for (const source of container.envFrom ?? []) fromSource(api, pod, source, own);
  for (const variable of container.env ?? []) {
    const { fileKeyRef } = variable.value ? {} : (variable.valueFrom ?? {});
    const value = fileKeyRef
      ? valueFromFile(fileKeyRef, files)
      : variableValue(api, pod, container, variable, facts, new Map([...services, ...own]));
    if (value !== undefined) own.set(variable.name, value);
  }
  for (const [name, value] of services) env.set(name, value);
  for (const [name, value] of own) env.set(name, value);
  return env;
}

function fromSource(
  api: Api,
  pod: Pod,
  source: NonNullable<Container["envFrom"]>[number],
  into: Map<string, string>,
): void {
  const { prefix = "", configMapRef, secretRef } = source;
  const data = configMapRef
    ? configMapData(api, pod, configMapRef.name, configMapRef.optional)
    : secretRef
      ? secretData(api, pod, secretRef.name, secretRef.optional)
      : undefined;
  for (const [key, value] of data ?? []) into.set(prefix + key, value);
}

function configMapData(api: Api, pod: Pod, name: string, optional = false): Map<string, string> | undefined {
  const map = api.get<ConfigMap>("configmaps", pod.metadata.namespace, name);
  if (!map && !optional) throw new ConfigError(`configmap "${name}" not found`);
  return map && new Map(Object.entries(map.data ?? {}));
}

function secretData(api: Api, pod: Pod, name: string, optional = false): Map<string, string> | undefined {
  const secret = api.get<Secret>("secrets", pod.metadata.namespace, name);
  if (!secret && !optional) throw new ConfigError(`secret "${name}" not found`);
  return (
    secret &&
    new Map(
      Object.entries(secret.data ?? {}).map(([key, value]) => [key, textOf(fromBase64(value) ?? new Uint8Array())]),
    )
  );
}

/** A file that is missing is a fault even where the variable is optional; a variable that is empty counts as missing. */
function valueFromFile(
  { volumeName, path, key, optional }: NonNullable<NonNullable<EnvVar["valueFrom"]>["fileKeyRef"]>,
  files: FileInVolume,
): string | undefined {
  const file = files(volumeName, path);
  const value = parsed(file.text, key);
  if (value === undefined) throw new ConfigError("couldn't parse env file");
  if (value !== "") return value;
  if (optional) return undefined;
  throw new ConfigError(`environment variable key ${goQuote(key)} not found in file ${goQuote(file.path)}`);
}

function parsed(text: string | undefined, key: string): string | undefined {
  try {
    return text === undefined ? undefined : envFileValue(text, key);
  } catch (error) {
    if (error instanceof EnvFileError) return undefined;
    throw error;
  }
}

function variableValue(
  api: Api,
  pod: Pod,
  container: Container,
  variable: EnvVar,
  facts: PodFacts,
  known: ReadonlyMap<string, string>,
): string | undefined {
  const { valueFrom } = variable;
  if (!valueFrom) return expand(variable.value ?? "", known);
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (configMapKeyRef) {
    const { name, key, optional } = configMapKeyRef;
    const value = configMapData(api, pod, name, optional)?.get(key);
    if (value === undefined && !optional)
      throw new ConfigError(`couldn't find key ${key} in ConfigMap ${pod.metadata.namespace}/${name}`);
    return value;
  }
  if (secretKeyRef) {
    const { name, key, optional } = secretKeyRef;
    const value = secretData(api, pod, name, optional)?.get(key);
    if (value === undefined && !optional)
      throw new ConfigError(`couldn't find key ${key} in Secret ${pod.metadata.namespace}/${name}`);
    return value;
  }
  if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, facts);
  return resourceFieldRef ? resourceValue(pod, container, resourceFieldRef, facts) : "";
}

/** A field of the downward API; undefined for a path it does not have. */
export function fieldValue(pod: Pod, path: string, facts: PodFacts): string {
  const plain = plainFields[path];
  if (plain) return plain(pod, facts) ?? "";
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  return (keyed && pod.metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2] ?? ""]) ?? "";
}

const plainFields: Readonly<Record<string, (pod: Pod, facts: PodFacts) => string | undefined>> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace,
  "metadata.uid": ({ metadata }) => metadata.uid,
  "metadata.labels": ({ metadata }) => mapText(metadata.labels),
  "metadata.annotations": ({ metadata }) => mapText(metadata.annotations),
  "spec.nodeName": (_, { node }) => node,
  "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName,
  "status.hostIP": (_, { hostIPs }) => hostIPs[0],
  "status.hostIPs": (_, { hostIPs }) => hostIPs.join(","),
  "status.podIP": (_, { podIPs }) => podIPs[0],
  "status.podIPs": (_, { podIPs }) => podIPs.join(","),
};

function mapText(map: Readonly<Record<string, string>> | undefined): string {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${JSON.stringify(map?.[key])}`)
    .join("\n");
}

/** What a container asks for or is limited to, counted in its divisor. */
export function resourceValue(
  pod: Pod,
  container: Container,
  ref: { resource: string; containerName?: string; divisor?: string },
  facts: PodFacts,
): string {
  const of = pod.spec.containers.find((c) => c.name === ref.containerName) ?? container;
  const [kind, name = ""] = ref.resource.split(/\.(.*)/s);
  const list = kind === "limits" ? of.resources?.limits : of.resources?.requests;
  const quantity = list?.[name] ?? (kind === "limits" ? facts.allocatable[name] : undefined) ?? "0";
  const divisor = ref.divisor && ref.divisor !== "0" ? ref.divisor : "1";
  return String(Math.ceil(amountOf(name, quantity) / amountOf(name, divisor)));
}

/** Variables for the services of the pod's namespace and for the API server (pkg/kubelet/envvars). */
function serviceVariables(api: Api, pod: Pod): Map<string, string> {
  const env = new Map<string, string>();
  const fromFile = pod.metadata.annotations?.[CONFIG_SOURCE] === "file";
  // Static pods do not wait for the services to be known.
  if (fromFile) return env;
  const master = api.get<Service>("services", "default", "kubernetes");
  const own = pod.spec.enableServiceLinks === false ? [] : api.list<Service>("services", pod.metadata.namespace);
  const others = own.filter((s) => !(s.metadata.namespace === "default" && s.metadata.name === "kubernetes"));
  for (const service of master ? [...others, master] : others)
    for (const [name, value] of variablesOf(service)) env.set(name, value);
  return env;
}

const variables = new WeakMap<Service, ReadonlyMap<string, string>>();

/** The variables for a service: every container of its namespace gets them. */
function variablesOf(service: Service): ReadonlyMap<string, string> {
  const known = variables.get(service);
  if (known) return known;
  const env = new Map<string, string>();
  addService(env, service);
  variables.set(service, env);
  return env;
}

function addService(env: Map<string, string>, { metadata, spec }: Service): void {
  const { clusterIP, ports = [] } = spec;
  const first = ports[0];
  if (!clusterIP || clusterIP === "None" || !first) return;
  const name = metadata.name.toUpperCase().replaceAll("-", "_");
  env.set(`${name}_SERVICE_HOST`, clusterIP);
  env.set(`${name}_SERVICE_PORT`, String(first.port));
  for (const port of ports)
    if (port.name) env.set(`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll("-", "_")}`, String(port.port));
  const url = (port: typeof first) => `${(port.protocol ?? "TCP").toLowerCase()}://${clusterIP}:${port.port}`;
  env.set(`${name}_PORT`, url(first));
  for (const port of ports) {
    const prefix = `${name}_PORT_${port.port}_${port.protocol ?? "TCP"}`;
    env.set(prefix, url(port));
    env.set(`${prefix}_PROTO`, (port.protocol ?? "TCP").toLowerCase());
    env.set(`${prefix}_PORT`, String(port.port));
    env.set(`${prefix}_ADDR`, clusterIP);
  }
}

/** $(NAME) of known variables; $$ is a dollar sign; unknown ones stay (third_party/forked/golang/expansion). */
export function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name?: string) =>
    name === undefined ? "$" : (known.get(name) ?? whole),
  );
}
