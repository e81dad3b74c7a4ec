import { parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { absent, required, unsupported, wrong } from "../problem.ts";
import type { Container, EnvVar, Volume } from "../types/pod.ts";
import { check } from "./labels.ts";
import { checkPathInVolume } from "./paths.ts";
import { configKey, dnsLabel, dnsSubdomain, envName, labelKey } from "./words.ts";

// kubernetes pkg/apis/core/validation ValidateEnv, ValidateEnvFrom, 1.35.

const fieldsForEnv = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const resourcesForEnv = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const knownFields = new Set([
  ...fieldsForEnv,
  "metadata.labels",
  "metadata.annotations",
  "spec.restartPolicy",
  "status.phase",
]);

/** The variables of a container. */
export function checkEnv(container: Container, path: string, problems: Problem[]): void {
  for (const [index, variable] of (container.env ?? []).entries()) {
    const at = `${path}.env[${index}]`;
    if (!variable.name) problems.push(required(`${at}.name`));
    else check(envName, variable.name, `${at}.name`, problems);
    if (variable.valueFrom) checkSource(variable, `${at}.valueFrom`, problems);
  }
  for (const [index, source] of (container.envFrom ?? []).entries()) {
    const at = `${path}.envFrom[${index}]`;
    if (source.prefix) check(envName, source.prefix, `${at}.prefix`, problems);
    const { configMapRef, secretRef } = source;
    if (configMapRef) checkName(configMapRef.name, `${at}.configMapRef.name`, problems);
    if (secretRef) checkName(secretRef.name, `${at}.secretRef.name`, problems);
    if (!configMapRef && !secretRef)
      problems.push(wrong(`${path}.envFrom`, "", "must specify one of: `configMapRef` or `secretRef`"));
    else if (configMapRef && secretRef)
      problems.push(wrong(`${path}.envFrom`, "", "may not have more than one field specified at a time"));
  }
}

function checkName(name: string, path: string, problems: Problem[]): void {
  if (!name) problems.push(required(path));
  else check(dnsSubdomain, name, path, problems);
}

function checkSource({ value, valueFrom }: EnvVar, path: string, problems: Problem[]): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom ?? {};
  if (fieldRef) checkFieldRef(fieldRef, fieldsForEnv, `${path}.fieldRef`, problems);
  if (resourceFieldRef) checkResourceFieldRef(resourceFieldRef, `${path}.resourceFieldRef`, problems);
  if (configMapKeyRef) checkKeyRef(configMapKeyRef, `${path}.configMapKeyRef`, problems);
  if (secretKeyRef) checkKeyRef(secretKeyRef, `${path}.secretKeyRef`, problems);
  if (fileKeyRef) checkFileKey(fileKeyRef, `${path}.fileKeyRef`, problems);
  const given = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef];
  const sources = given.filter((source) => source).length;
  if (sources === 0) {
    const detail =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    problems.push(wrong(path, "", detail));
  } else if (value) problems.push(wrong(path, "", "may not be specified when `value` is not empty"));
  else if (sources > 1) problems.push(wrong(path, "", "may not have more than one field specified at a time"));
}

function checkKeyRef(reference: { name: string; key: string }, path: string, problems: Problem[]): void {
  check(dnsSubdomain, reference.name ?? "", `${path}.name`, problems);
  if (!reference.key) problems.push(required(`${path}.key`));
  else check(configKey, reference.key, `${path}.key`, problems);
}

type FileKey = NonNullable<NonNullable<EnvVar["valueFrom"]>["fileKeyRef"]>;

/** A variable of a file in a volume (validateFileKeySelector). */
function checkFileKey({ key, volumeName, path: file }: FileKey, path: string, problems: Problem[]): void {
  if (!key) problems.push(required(`${path}.key`));
  else check(envName, key, `${path}.key`, problems);
  if (!volumeName) problems.push(required(`${path}.volumeName`));
  else check(dnsLabel, volumeName, `${path}.volumeName`, problems);
  if (!file) problems.push(required(`${path}.path`));
  else checkPathInVolume(file, `${path}.path`, problems);
}

/** Variables come out of files of emptyDir volumes only (validateFileKeyRefVolumes). */
export function checkFileKeyVolumes(
  { env = [] }: Container,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
  problems: Problem[],
): void {
  for (const [index, { valueFrom }] of env.entries()) {
    const name = valueFrom?.fileKeyRef?.volumeName;
    if (name === undefined) continue;
    const at = `${path}.env[${index}].valueFrom.fileKeyRef.volumeName`;
    const volume = volumes.get(name);
    if (!volume) problems.push(absent(at, name));
    else if (!volume.emptyDir) problems.push(wrong(at, name, "referenced volume must be of type emptyDir"));
  }
}

/** A reference to a field of the pod, of those allowed at its place. */
export function checkFieldRef(
  { fieldPath }: { fieldPath?: string },
  allowed: readonly string[],
  path: string,
  problems: Problem[],
): void {
  if (!fieldPath) {
    problems.push(required(`${path}.fieldPath`));
    return;
  }
  const subscripted = /^(.+)\['(.*)'\]$/.exec(fieldPath);
  const [name, subscript] = subscripted ? [subscripted[1] ?? "", subscripted[2] ?? ""] : [fieldPath, undefined];
  if (!knownFields.has(name)) {
    problems.push(
      wrong(`${path}.fieldPath`, fieldPath, `error converting fieldPath: field label not supported: ${name}`),
    );
  } else if (subscript === undefined) {
    if (!allowed.includes(name)) problems.push(unsupported(`${path}.fieldPath`, name, allowed));
  } else if (name === "metadata.annotations") check(labelKey, subscript.toLowerCase(), path, problems);
  else if (name === "metadata.labels") check(labelKey, subscript, path, problems);
  else problems.push(wrong(path, name, "does not support subscript"));
}

const wholeUnits = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/** What a resource may be counted in (validateContainerResourceDivisor). */
function checkDivisor(resource: string, divisor: string, path: string, problems: Problem[]): void {
  const name = resource.replace(/^(limits|requests)\./, "");
  const words: Readonly<Record<string, string>> = {
    cpu: "cpu",
    memory: "memory",
    "ephemeral-storage": "local ephemeral storage",
  };
  const word = name.startsWith("hugepages-") ? "hugepages" : words[name];
  const allowed = word === "cpu" ? ["1m", "1"] : wholeUnits;
  if (!word || parseQuantity(divisor).nanos === 0n || allowed.includes(divisor)) return;
  const list = word === "cpu" ? "1m and 1" : wholeUnits.join(", ");
  const detail = `only divisor's values ${list} are supported with the ${word} resource`;
  problems.push(wrong(`${path}.divisor`, resource, detail));
}

/** A reference to a resource of a container. */
export function checkResourceFieldRef(
  { resource, divisor }: { resource?: string; divisor?: string },
  path: string,
  problems: Problem[],
): void {
  if (resource && divisor !== undefined) checkDivisor(resource, divisor, path, problems);
  if (!resource) problems.push(required(`${path}.resource`));
  else if (!resourcesForEnv.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource))
    problems.push(unsupported(`${path}.resource`, resource, resourcesForEnv));
}
