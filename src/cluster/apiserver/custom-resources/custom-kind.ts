import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject, sameJson } from "../../../base/json-object.ts";
import type { Kind, Problem, Subresource } from "../../../kinds/define.ts";
import type { CustomResourceDefinition, CustomResourceVersion } from "../../../kinds/types/api-extensions.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import { customType } from "../../../schema/custom-type.ts";
import { decode } from "../../../schema/decode.ts";
import { defaulted } from "../../../schema/structural/defaulting.ts";
import { listTypeFaults } from "../../../schema/structural/list-types.ts";
import { pruned } from "../../../schema/structural/prune.ts";
import { hasRules, ruleFaults } from "../../../schema/structural/rules.ts";
import { schemaFaults } from "../../../schema/structural/validate.ts";
import { typeNamed } from "../../../schema/types.ts";
import { columnsOf } from "./columns.ts";
import { byVersionPriority } from "./version-priority.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const readWrite = ["get", "patch", "update"];

/** The kinds that a definition adds to the API: one for each served version, the newest first. */
export function customKinds({ spec, status }: CustomResourceDefinition): readonly Kind[] {
  const served = spec.versions.filter((version) => version.served);
  const keeper = served.find(({ storage }) => storage) ?? served[0];
  const names = status?.acceptedNames ?? spec.names;
  return served
    .toSorted((a, b) => byVersionPriority(a.name, b.name))
    .map((version) => kindOf({ ...spec, names }, version, version === keeper ? undefined : keeper?.name));
}

function kindOf(
  { group, names, scope }: CustomResourceDefinition["spec"],
  version: CustomResourceVersion,
  keeper: string | undefined,
): Kind {
  const schema = version.schema?.openAPIV3Schema ?? {};
  const apiVersion = `${group}/${version.name}`;
  const { subresources, selectableFields, deprecated, deprecationWarning } = version;
  const hasStatus = subresources?.status !== undefined;
  const scale = subresources?.scale;
  const readBody = reading(schema);
  const shownAs = showing(apiVersion, names.kind, schema);
  return {
    kind: names.kind,
    plural: names.plural,
    group,
    version: version.name,
    namespaced: scope === "Namespaced",
    ...(names.singular ? { singular: names.singular } : {}),
    ...(names.listKind ? { listKind: names.listKind } : {}),
    short: names.shortNames ?? [],
    categories: names.categories ?? [],
    verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
    subresources: subresourcesOf(names.kind, hasStatus, scale !== undefined),
    type: customType(schema, { group, version: version.name, kind: names.kind }),
    readBody,
    shownAs,
    ...(keeper ? { storedAs: { group, version: keeper, toStored: stored(group, keeper), fromStored: shownAs } } : {}),
    ...(deprecated
      ? { deprecation: deprecationWarning ?? `${group}/${version.name} ${names.kind} is deprecated` }
      : {}),
    countsGenerations: true,
    needsVersion: true,
    defaults(object) {
      Object.assign(object, defaulted(object as unknown as JsonObject, schema));
    },
    prepareForCreate(object) {
      if (!hasStatus) return;
      delete object.status;
      // What is read back from etcd is defaulted anew, its status too (apiextensions-apiserver, 1.35).
      Object.assign(object, defaulted(object as unknown as JsonObject, schema));
    },
    ...problemsBy(schema),
    columns: columnsOf(version.additionalPrinterColumns),
    ...(selectableFields?.length
      ? {
          selectable: (object) =>
            Object.fromEntries(selectableFields.map(({ jsonPath }) => [jsonPath.slice(1), textAt(object, jsonPath)])),
        }
      : {}),
    ...(scale
      ? {
          replicasAt: scale.specReplicasPath.slice(1),
          scaleAt: {
            replicas: scale.statusReplicasPath.slice(1),
            ...(scale.labelSelectorPath ? { selector: scale.labelSelectorPath.slice(1) } : {}),
          },
        }
      : {}),
  };
}

function subresourcesOf(kind: string, hasStatus: boolean, hasScale: boolean): readonly Subresource[] {
  return [
    ...(hasStatus ? [{ name: "status", kind, verbs: readWrite }] : []),
    ...(hasScale ? [{ name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: readWrite }] : []),
  ];
}

/** A body as the schema takes it: metadata by their own type, unknown fields pruned, defaults filled in. */
function reading(schema: JsonObject): NonNullable<Kind["readBody"]> {
  const meta = typeNamed(META);
  return (body) => {
    const { object, unknown } = pruned(body, schema);
    const strict = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
    const { metadata } = body;
    if (!meta || !isObject(metadata)) return { object: defaulted(object, schema), strict };
    const read = decode(metadata, meta);
    const inMetadata = read.strict.map((fault) => fault.replace(/^(\w+ field ")/, "$1metadata."));
    return { object: defaulted({ ...object, metadata: read.object }, schema), strict: [...inMetadata, ...strict] };
  };
}

/** A stored object as this version shows it, with what the schema says today. */
function showing(apiVersion: string, kind: string, schema: JsonObject): (object: KubeObject) => KubeObject {
  const known = new WeakMap<KubeObject, KubeObject>();
  return (object) => {
    let shown = known.get(object);
    if (!shown) {
      const asked = object as unknown as JsonObject;
      const { metadata } = object;
      const now = defaulted(pruned(asked, schema).object, schema) as unknown as KubeObject;
      shown = now === object && object.apiVersion === apiVersion ? object : { ...now, apiVersion, kind, metadata };
      known.set(object, shown);
    }
    return shown;
  };
}

/** Conversion "None": only the apiVersion is another. */
function stored(group: string, version: string): (object: KubeObject) => KubeObject {
  const apiVersion = `${group}/${version}`;
  return (object) => ({ ...object, apiVersion });
}

const blocking: readonly Problem["type"][] = ["Required", "TooLong", "TooMany", "TypeInvalid"];

function problemsBy(schema: JsonObject): Pick<Kind, "problemsOfCreate" | "problemsOfUpdate" | "problemsOfSubresource"> {
  const problems = (object: KubeObject, old?: KubeObject): readonly Problem[] => {
    const value = object as unknown as Json;
    const before = old as unknown as Json | undefined;
    const found: Problem[] = [...schemaFaults(withoutMeta(schema), value, before)];
    const twice = listTypeFaults(schema, value);
    // What was there twice before may stay.
    if (!before || !sameJson(listTypeFaults(schema, before) as never, twice as never)) found.push(...twice);
    if (!hasRules(schema)) return found;
    if (!found.some(({ type }) => blocking.includes(type))) return [...found, ...ruleFaults(schema, value, before)];
    const detail =
      "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
    return [...found, { type: "Invalid", path: "<nil>", value: "null", detail }];
  };
  return { problemsOfCreate: problems, problemsOfUpdate: problems, problemsOfSubresource: problems };
}

const bare = new WeakMap<JsonObject, JsonObject>();

/** The schema of everything but apiVersion and kind, which the server itself sets. */
function withoutMeta(schema: JsonObject): JsonObject {
  let known = bare.get(schema);
  if (!known) {
    const { apiVersion: _, kind: __, ...properties } = isObject(schema.properties) ? schema.properties : {};
    known = { ...schema, properties };
    bare.set(schema, known);
  }
  return known;
}

function textAt(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const name of path.split(".").slice(1)) value = (value as Record<string, unknown> | undefined)?.[name];
  return value === undefined || value === null ? "" : String(value);
}
