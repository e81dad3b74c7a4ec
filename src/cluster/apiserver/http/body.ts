import { FormatError } from "../../../base/format-error.ts";
import type { HttpRequest } from "../../../base/http.ts";
import { type Json, type JsonObject, parseJson } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { bytesOf, textOf } from "../../../base/text-bytes.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { Status } from "../../../kinds/status.ts";
import { decodeProtobuf, ProtobufError, protobufContentType } from "../../../schema/protobuf.ts";
import { badRequest } from "../errors.ts";

/** A body as it came: the value, and the text where it was JSON (which can name a field twice). */
export interface Body {
  readonly value: Json | undefined;
  readonly text?: string;
}

/** Reads the body by its Content-Type; in-process callers hand over values as they are. */
export function readBody(request: HttpRequest, expected: string): Body {
  const { body } = request;
  if (body === undefined || body === "") return { value: undefined };
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return { value: body as Json };
  const type = mediaType(request);
  if (type === protobufContentType) return { value: readProtobuf(body) };
  const text = typeof body === "string" ? body : textOf(body);
  if (text.trim() === "") return { value: undefined };
  if (type.endsWith("yaml")) return { value: readYaml(text, expected) };
  return { value: readJsonText(text, expected), text };
}

/** Reads a patch; what is no JSON is told in the decoder's words alone (endpoints/handlers/patch.go, 1.35). */
export function readPatchBody(request: HttpRequest, expected: string, type: string): Body {
  const { body } = request;
  const text = body instanceof Uint8Array ? textOf(body) : body;
  if (typeof text !== "string" || type === "apply") return readBody(request, expected);
  try {
    return { value: text.trim() === "" ? undefined : parseJson(text), text };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw badRequest(type === "merge" ? `error decoding patch: ${error.message}` : error.message);
  }
}

/** application/json where none is said. */
export function mediaType({ headers }: HttpRequest): string {
  return (headers["content-type"] ?? "application/json").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** The body of a create or update must be an object of a type that is known. */
export function checkMediaType(request: HttpRequest): void {
  const type = mediaType(request);
  const known = ["application/json", "application/yaml", protobufContentType];
  if (typeof request.body !== "object" || request.body instanceof Uint8Array) {
    if (!known.includes(type)) throw unsupportedMediaType(known);
  }
}

export function unsupportedMediaType(known: readonly string[]): Status {
  const message = `the body of the request was in an unknown format - accepted media types include: ${known.join(", ")}`;
  return new Status("UnsupportedMediaType", message);
}

export function objectIn({ value }: Body, expected: string): JsonObject {
  if (isObject(value)) return value;
  throw badRequest(
    `the object provided is unrecognized (must be of type ${expected}): couldn't get version/kind; json parse error`,
  );
}

function readProtobuf(body: string | Uint8Array): JsonObject {
  try {
    return decodeProtobuf(typeof body === "string" ? bytesOf(body) : body);
  } catch (error) {
    if (error instanceof ProtobufError) throw badRequest(error.message);
    throw error;
  }
}

function readJsonText(text: string, expected: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const cause = `couldn't get version/kind; json parse error: ${error.message}`;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected}): ${cause} (${summaryOf(text)})`,
    );
  }
}

function readYaml(text: string, expected: string): Json {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected}): ${error.message} (${summaryOf(text)})`,
    );
  }
}

/** The first 30 bytes in hexadecimal (apiserver endpoints/handlers/rest.go summarizeData). */
function summaryOf(text: string): string {
  const bytes = bytesOf(text);
  const hex = [...bytes.slice(0, 30)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > 30 ? `0x${hex} ...` : `0x${hex}`;
}
