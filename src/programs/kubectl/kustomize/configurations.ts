import { type Json, type JsonObject, parseJson, sortedKeys } from "../../../base/json.ts";
import { isList, isObject, jsonTypeName } from "../../../base/json-object.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { defaultFields, type FieldConfig, mergeFields, noFields } from "./default-fields.ts";
import { BuildFault, within } from "./fault.ts";
import { type FieldSpec, fieldSpec } from "./field-spec.ts";
import type { Loader } from "./loader.ts";
import type { NameReference } from "./name-references.ts";

/** The fields that the transformers of a kustomization work on: built in, and of its `configurations`. */
export function configuredFields(loader: Loader, paths: readonly string[]): FieldConfig {
  if (paths.length === 0) return defaultFields;
  let own = noFields;
  for (const path of paths) own = mergeFields(own, readFields(parseYaml(loader.load(path))));
  return mergeFields(defaultFields, own);
}

const text = (value: Json | undefined) => (typeof value === "string" ? value : "");

/** The field specs of a list, as a configuration or a transformer writes them. */
export function specsOf(value: Json | undefined): readonly FieldSpec[] {
  if (!isList(value)) return [];
  return value.filter(isObject).map((spec) =>
    fieldSpec(text(spec.path), {
      group: text(spec.group),
      version: text(spec.version),
      kind: text(spec.kind),
      create: spec.create === true,
    }),
  );
}

function readFields(value: Json): FieldConfig {
  if (!isObject(value)) return noFields;
  const references = isList(value.nameReference) ? value.nameReference.filter(isObject) : [];
  return {
    namePrefix: specsOf(value.namePrefix),
    nameSuffix: specsOf(value.nameSuffix),
    namespace: specsOf(value.namespace),
    commonLabels: specsOf(value.commonLabels),
    labels: specsOf(value.labels),
    templateLabels: specsOf(value.templateLabels),
    commonAnnotations: specsOf(value.commonAnnotations),
    nameReference: references.map(
      (one): NameReference => ({
        group: text(one.group),
        version: text(one.version),
        kind: text(one.kind),
        referrers: specsOf(one.fieldSpecs),
      }),
    ),
    varReference: specsOf(value.varReference),
    images: specsOf(value.images),
    replicas: specsOf(value.replicas),
  };
}

/** The fields that `crds` name: OpenAPI definitions with kustomize's extensions. */
export function fieldsOfCrds(loader: Loader, paths: readonly string[]): FieldConfig {
  let fields = noFields;
  for (const path of paths) {
    const content = loader.load(path);
    const definitions = within(`unable to parse open API definition from '${path}'`, () =>
      content.startsWith("{") ? parseJson(content) : parseYaml(content),
    );
    if (!isObject(definitions)) continue;
    refuseOthers(definitions, path, content.startsWith("{"));
    for (const name of Object.keys(definitions)) {
      const properties = propertiesOf(definitions, name);
      if (!["kind", "apiVersion", "metadata"].every((key) => properties[key] !== undefined)) continue;
      fields = mergeFields(fields, fieldsOfType(definitions, name, name.split(".").at(-1) ?? "", []));
    }
  }
  return fields;
}

/** A CustomResourceDefinition itself, for instance, is none of what is read here. */
function refuseOthers(definitions: JsonObject, path: string, isJson: boolean): void {
  const wrong = sortedKeys(definitions).find((name) => !isObject(definitions[name] ?? {}));
  if (wrong === undefined) return;
  const type = jsonTypeName(definitions[wrong] ?? null);
  const what = isJson ? "" : "error unmarshaling JSON: while decoding JSON: ";
  const problem = `json: cannot unmarshal ${type} into Go value of type accumulator.OpenAPIDefinition`;
  throw new BuildFault(`unable to parse open API definition from '${path}': ${what}${problem}`);
}

function propertiesOf(definitions: JsonObject, name: string): JsonObject {
  const definition = definitions[name];
  const schema = isObject(definition) ? (definition.Schema ?? definition.schema) : undefined;
  return isObject(schema) && isObject(schema.properties) ? schema.properties : {};
}

function fieldsOfType(definitions: JsonObject, name: string, kind: string, path: readonly string[]): FieldConfig {
  let fields = noFields;
  for (const [key, property] of Object.entries(propertiesOf(definitions, name))) {
    if (!isObject(property)) continue;
    const here = fieldSpec([...path, key].join("/"), { kind });
    const has = (extension: string) => typeof property[`x-kubernetes-${extension}`] === "string";
    const refKind = text(property["x-kubernetes-object-ref-kind"]);
    const nameKey = text(property["x-kubernetes-object-ref-name-key"]) || "name";
    const version = text(property["x-kubernetes-object-ref-api-version"]);
    const reference = {
      group: "",
      version,
      kind: refKind,
      referrers: [fieldSpec(`${here.path}/${nameKey}`, { kind })],
    };
    fields = mergeFields(fields, {
      ...noFields,
      commonAnnotations: has("annotation") ? [here] : [],
      commonLabels: has("label-selector") ? [here] : [],
      namePrefix: has("identity") ? [here] : [],
      nameReference: has("object-ref-api-version") && has("object-ref-kind") ? [reference] : [],
    });
    if (typeof property.$ref === "string")
      fields = mergeFields(fields, fieldsOfType(definitions, property.$ref, kind, [...path, key]));
  }
  return fields;
}
