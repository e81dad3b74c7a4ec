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
  checkLength(body);
  const type = mediaType(request);
  if (type === protobufContentType) return { value: readProtobuf(body) };
  const text = typeof body === "string" ? body : textOf(body);
  if (text.trim() === "") return { value: undefined };
  if (type.endsWith("yaml")) return { value: readYaml(text, expected) };
  return { value: readJsonText(text, expected), text };
}

/** What a server reads of one request (apiserver server/config.go MaxRequestBodyBytes, 1.35). */
const bodyLimit = 3 * 1024 * 1024;

function checkLength(body: string | Uint8Array): void {
  if (body.length <= bodyLimit) return;
  throw new Status("RequestEntityTooLarge", `Request entity too large: limit is ${bodyLimit}`);
}

/** Reads a patch; what is no JSON is told in the decoder's words alone (endpoints/handlers/patch.go, 1.35). */
export function readPatchBody(request: HttpRequest, expected: string, type: string): Body {
  const { body } = request;
  if (typeof body === "string" || body instanceof Uint8Array) checkLength(body);
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

/** What every body is read as first, as Go names it (apimachinery runtime/serializer/json/meta.go, 1.35). */
const typeMeta =
  'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** The object of a create or update, which must say its version and kind in texts if it says them. */
export function objectIn({ value, text }: Body, expected: string): JsonObject {
  const field = isObject(value) && ["apiVersion", "kind"].find((name) => !isText(value[name]));
  if (isObject(value) && !field) return value;
  const where = field ? `Go struct field .${field} of type string` : typeMeta;
  const found = isObject(value) && field ? value[field] : value;
  const fault = `json: cannot unmarshal ${jsonType(found)} into ${where}`;
  const summary = text === undefined ? "" : ` (${summaryOf(text)})`;
  const why = `couldn't get version/kind; json parse error: ${fault}${summary}`;
  throw badRequest(`the object provided is unrecognized (must be of type ${expected}): ${why}`);
}

function isText(value: Json | undefined): boolean {
  return value === undefined || value === null || typeof value === "string";
}

function jsonType(value: Json | undefined): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
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
