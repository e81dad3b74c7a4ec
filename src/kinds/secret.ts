import { base64Of, fromBase64 } from "../base/base64.ts";
import { FormatError } from "../base/format-error.ts";
import { readJson } from "../base/json-reader.ts";
import { bytesOf, textOf } from "../base/text-bytes.ts";
import { ageColumn, column, count, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { immutable, required, tooLong, wrong } from "./problem.ts";
import { describeSecret } from "./secret/describe.ts";
import type { Secret } from "./types/core.ts";
import { base64Length, changesOfImmutable, checkKeys, dataLimit } from "./validation/data.ts";

/** Settings that are shown to few. */
export const secret: Kind<Secret> = {
  kind: "Secret",
  plural: "secrets",
  group: "",
  version: "v1",
  namespaced: true,
  defaults(object) {
    object.type ||= "Opaque";
    mergeStringData(object);
  },
  problems: problemsOf,
  problemsOfUpdate(object, old) {
    const problems = object.type === old.type ? [] : [immutable("type", object.type)];
    return old.immutable ? [...problems, ...changesOfImmutable(object, old, ["data"])] : problems;
  },
  selectable: (object) => ({ type: object.type ?? "" }),
  columns: [
    nameColumn,
    column("Type", (object) => object.type ?? ""),
    { ...count("Data", (object: Secret) => Object.keys(object.data ?? {}).length), type: "string" },
    ageColumn,
  ],
  describe: describeSecret,
  confidential: "data",
};

/** Texts given as stringData stand in data from then on. */
function mergeStringData(object: Secret): void {
  if (!object.stringData) return;
  object.data ??= {};
  for (const key in object.stringData) object.data[key] = base64Of(bytesOf(object.stringData[key] ?? ""));
  delete object.stringData;
}

/** Which keys a type of secret must have. */
const keysOfType: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

/** Keys, size, and what the type asks for (core validation ValidateSecret, 1.35). */
function problemsOf(object: Secret): readonly Problem[] {
  const problems: Problem[] = [];
  const data = object.data ?? {};
  checkKeys(data, "data", problems);
  let size = 0;
  for (const key in data) size += base64Length(data[key] ?? "");
  if (size > dataLimit) problems.push(tooLong("data", dataLimit));
  const { type = "" } = object;
  if (type === "kubernetes.io/service-account-token") {
    const name = "kubernetes.io/service-account.name";
    if (!object.metadata.annotations?.[name]) problems.push(required(`metadata.annotations[${name}]`));
  }
  if (type === "kubernetes.io/basic-auth" && !("username" in data) && !("password" in data))
    problems.push(required("data[username]"), required("data[password]"));
  for (const key of Object.hasOwn(keysOfType, type) ? (keysOfType[type] ?? []) : []) {
    const value = data[key];
    if (value === undefined || (value === "" && type === "kubernetes.io/ssh-auth"))
      problems.push(required(`data[${key}]`));
    else if (key.startsWith(".docker")) checkJson(value, `data[${key}]`, problems);
  }
  return problems;
}

function checkJson(base64: string, path: string, problems: Problem[]): void {
  const redacted = "<secret contents redacted>";
  try {
    const { value } = readJson(textOf(fromBase64(base64) ?? new Uint8Array()), 0, true);
    if (typeof value === "object" && !Array.isArray(value)) return;
    const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    problems.push(
      wrong(path, redacted, `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`),
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    problems.push(wrong(path, redacted, error.message));
  }
}
