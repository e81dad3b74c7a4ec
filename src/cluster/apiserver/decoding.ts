import type { JsonObject } from "../../base/json.ts";
import { apiVersionOf, type Kind } from "../../kinds/define.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import { DecodeError, decode, decodeText, handledAs } from "../../schema/decode.ts";
import type { TypeInfo } from "../../schema/define.ts";
import { typeOfKind } from "../../schema/types.ts";
import { badRequest } from "./errors.ts";

/** Where the server's types are registered, as its errors name it. */
const SCHEME = "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30";

/** What is done with fields that a type does not have. */
export interface Strictness {
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  warn(text: string): void;
}

/** The type of a kind's objects; undefined where nobody describes it. */
export function typeOf(kind: Kind): TypeInfo | undefined {
  return kind.type ?? typeOfKind(kind.group, kind.version, kind.kind);
}

/** The body of a create or update as an object of its kind; BadRequest in the server's words where it is none. */
export function decodeBody(kind: Kind, body: JsonObject, text: string | undefined, how: Strictness): KubeObject {
  const wanted = apiVersionOf(kind);
  const apiVersion = (body.apiVersion as string | undefined) || wanted;
  const name = (body.kind as string | undefined) || kind.kind;
  if (apiVersion !== wanted) {
    const message = `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`;
    throw badRequest(message);
  }
  if (name !== kind.kind) {
    const cause = `no kind "${name}" is registered for version "${wanted}" in scheme "${SCHEME}"`;
    throw badRequest(handledAs(name, kind.version, kind.kind, cause));
  }
  const type = typeOf(kind);
  if (!type) return { ...body, apiVersion, kind: name } as KubeObject;
  const { object, strict } = decoded(kind, body, text, type);
  if (strict.length > 0 && how.fieldValidation === "Strict") {
    throw badRequest(handledAs(name, kind.version, kind.kind, `strict decoding error: ${strict.join(", ")}`));
  }
  if (how.fieldValidation === "Warn") for (const fault of strict) how.warn(fault);
  return { ...object, apiVersion, kind: name } as unknown as KubeObject;
}

function decoded(kind: Kind, body: JsonObject, text: string | undefined, type: TypeInfo) {
  try {
    if (kind.readBody) return kind.readBody(body);
    return text === undefined ? decode(body, type) : decodeText(text, type);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(handledAs(kind.kind, kind.version, kind.kind, error.message));
  }
}
