import type { JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import type { Task } from "../../../machine/define.ts";
import { customType } from "../../../schema/custom-type.ts";
import type { TypeInfo } from "../../../schema/define.ts";
import { explain as explainType } from "../../../schema/explain.ts";
import { openApiPath } from "../../../schema/openapi.ts";
import { typeOfKind } from "../../../schema/types.ts";
import type { Context } from "../context.ts";
import type { Verb } from "../define.ts";
import { CommandFault, PlainFault } from "../faults.ts";
import { boolFlag, textFlag } from "../flag-types.ts";
import type { Mapper } from "../mapper.ts";
import type { Resource } from "../resource.ts";

const flags = {
  "api-version": textFlag("Explain this API version, group/version."),
  output: textFlag("Format of the text (plaintext).", {
    initial: "plaintext",
  }),
  recursive: boolFlag("Print the fields of all fields below."),
};

/** What fields mean. */
export const explain: Verb<typeof flags> = {
  path: ["explain"],
  usage:
    "explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2] [options]",
  short: "Get documentation for a resource",
  long: "Describe the fields of a type: TYPE.FIELD.FIELD.\n\nThe texts come from the server's OpenAPI description.",
  examples: [
    "kubectl explain pods",
    "kubectl explain pods --recursive",
    "kubectl explain deployments --api-version=apps/v1",
    "kubectl explain pods.spec.containers",
  ],
  flags,
  config: "whole",
  check({ args }) {
    if (args.length === 0)
      return 'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.';
    if (args.length > 1) return "We accept only this format: explain RESOURCE\n";
    // The word is read as a JSONPath of names alone (explain.SplitAndParseResourceRequest, 1.33).
    if (/^\.|\.\.|\[/.test(args[0] ?? "")) return "invalid jsonpath syntax, first node must be field node";
    return undefined;
  },
  *run(context, { flags: asked, args: [word = ""] }) {
    const mapper = yield* context.mapper(2);
    const { resource, path } = named(mapper, word);
    const type = yield* typeOf(context, inVersion(mapper, resource, asked["api-version"]));
    if (asked.output === "plaintext-openapiv2") throw new CommandFault("--output=plaintext-openapiv2 is not simulated");
    if (asked.output !== "plaintext") throw new CommandFault(`unrecognized format: ${asked.output}`);
    const { text, error } = explainType(type, path, asked.recursive);
    context.out.write(text);
    if (error !== undefined) throw new PlainFault(error);
  },
};

/** Takes TYPE[.GROUP][.FIELD…] apart: the longest beginning that is a type's name. */
function named(mapper: Mapper, word: string): { readonly resource: Resource; readonly path: readonly string[] } {
  const parts = word.replace(/\.$/, "").split(".");
  const [first = ""] = parts;
  for (let count = parts.length; count > 1; count--) {
    const group = parts.slice(1, count).join(".");
    const resource = mapper.resources.find((one) => one.group === group && mapper.find(`${first}.${group}`) === one);
    if (resource) return { resource, path: parts.slice(count) };
  }
  const resource = mapper.find(first);
  if (!resource) throw new PlainFault(`the server doesn't have a resource type ${JSON.stringify(first)}`);
  return { resource, path: parts.slice(1) };
}

function inVersion(mapper: Mapper, resource: Resource, apiVersion: string): Resource {
  if (apiVersion === "") return resource;
  const found = mapper.ofKind(apiVersion, resource.kind);
  if (found) return found;
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return { ...resource, group, version: version ?? "" };
}

/** The type behind a resource: built in, or as the server describes it. */
function* typeOf(context: Context, { group, version, kind, plural }: Resource): Task<TypeInfo> {
  const builtIn = typeOfKind(group, version, kind);
  if (builtIn) return builtIn;
  const response = yield* context.client.request({ path: `/openapi/v3/${openApiPath(group, version)}` });
  const document =
    response.status === 200 && isObject(response.body as JsonObject) ? (response.body as JsonObject) : {};
  const schemas = ((document.components as JsonObject | undefined)?.schemas ?? {}) as JsonObject;
  for (const schema of Object.values(schemas) as JsonObject[]) {
    const kinds = (schema["x-kubernetes-group-version-kind"] ?? []) as readonly JsonObject[];
    if (kinds.some((one) => one.group === group && one.version === version && one.kind === kind))
      return customType(schema, { group, version, kind });
  }
  const name = `${group}/${version}, Resource=${plural}`;
  throw new CommandFault(
    response.status === 200
      ? `GVR (${name}) not found in OpenAPI schema`
      : `couldn't find resource for ${JSON.stringify(name)}`,
  );
}
