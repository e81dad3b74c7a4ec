import { milliValue, parseQuantity, wholeValue } from "../../base/quantity.ts";
import type { ObjectMeta } from "../types/meta.ts";
import type { Container, EnvVar } from "../types/pod.ts";
import type { Writer } from "./writer.ts";

/** Where a container's variables come from. `owner` is the pod's metadata; a template has none. */
export function writeEnv(w: Writer, container: Container, owner: ObjectMeta | undefined): void {
  writeEnvFrom(w, container);
  const { env = [] } = container;
  w.line(2, env.length === 0 ? "Environment:\t<none>" : "Environment:");
  for (const variable of env) {
    if (variable.valueFrom) writeSource(w, variable, container, owner);
    else {
      const [first = "", ...others] = (variable.value ?? "").split("\n");
      w.field(3, variable.name, first);
      for (const other of others) w.line(3, `\t${other}`);
    }
  }
}

function writeEnvFrom(w: Writer, { envFrom = [] }: Container): void {
  if (envFrom.length > 0) w.line(2, "Environment Variables from:");
  for (const { prefix, configMapRef, secretRef } of envFrom) {
    const from = configMapRef ? "ConfigMap" : secretRef ? "Secret" : "";
    const { name = "", optional = false } = configMapRef ?? secretRef ?? {};
    const how = prefix ? `${from} with prefix '${prefix}'` : from;
    w.line(3, `${name}\t${how}\tOptional: ${optional}`);
  }
}

function writeSource(
  w: Writer,
  { name, valueFrom }: EnvVar,
  container: Container,
  owner: ObjectMeta | undefined,
): void {
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom ?? {};
  if (fieldRef) {
    const { apiVersion = "", fieldPath } = fieldRef;
    w.field(3, name, `${fieldValue(fieldPath, owner)} (${apiVersion}:${fieldPath})`);
  } else if (resourceFieldRef) {
    const { resource, divisor } = resourceFieldRef;
    const value = resourceValue(resource, divisor, container);
    const isLimit = resource === "limits.cpu" || resource === "limits.memory";
    w.field(3, name, `${value === "0" && isLimit ? "node allocatable" : value} (${resource})`);
  } else if (secretKeyRef) {
    const { key, name: secret, optional = false } = secretKeyRef;
    w.field(3, name, `<set to the key '${key}' in secret '${secret}'>\tOptional: ${optional}`);
  } else if (configMapKeyRef) {
    const { key, name: map, optional = false } = configMapKeyRef;
    w.field(3, name, `<set to the key '${key}' of config map '${map}'>\tOptional: ${optional}`);
  }
}

/** kubectl knows two fields only: those that any kind can be selected by. */
function fieldValue(path: string, owner: ObjectMeta | undefined): string {
  if (path === "metadata.name") return owner?.name ?? "";
  return path === "metadata.namespace" ? (owner?.namespace ?? "") : "";
}

const known = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** How many divisors the container may have, rounded up. */
function resourceValue(resource: string, divisor: string | undefined, container: Container): string {
  const [, list = "", name = ""] = known.exec(resource) ?? [];
  if (!list) return "";
  const amount = container.resources?.[list as "limits" | "requests"]?.[name] ?? "0";
  const by = divisor === undefined || parseQuantity(divisor).nanos === 0n ? "1" : divisor;
  const inUnits = name === "cpu" ? milliValue : wholeValue;
  return String(Math.ceil(inUnits(amount) / inUnits(by)));
}
