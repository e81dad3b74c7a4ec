import type { Json, JsonObject } from "../base/json.ts";
import type { FieldInfo } from "./define.ts";

const apimachinery = "io.k8s.apimachinery.pkg";
const apiextensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** Values without fields that have a type of their own in the published description: full name → schema. */
export const namedValues: Readonly<Record<string, JsonObject>> = {
  [`${apimachinery}.api.resource.Quantity`]: { oneOf: [{ type: "string" }, { type: "number" }] },
  [`${apimachinery}.util.intstr.IntOrString`]: {
    format: "int-or-string",
    oneOf: [{ type: "integer" }, { type: "string" }],
  },
  [`${apimachinery}.apis.meta.v1.Time`]: { format: "date-time", type: "string" },
  [`${apimachinery}.apis.meta.v1.MicroTime`]: { format: "date-time", type: "string" },
  [`${apimachinery}.apis.meta.v1.FieldsV1`]: { type: "object" },
  [`${apimachinery}.runtime.RawExtension`]: { type: "object" },
  [`${apiextensions}.JSON`]: {},
  [`${apiextensions}.JSONSchemaPropsOrArray`]: {},
  [`${apiextensions}.JSONSchemaPropsOrBool`]: {},
  [`${apiextensions}.JSONSchemaPropsOrStringArray`]: {},
};

const byGoType = new Map(Object.keys(namedValues).map((name) => [name.split(".").slice(-2).join("."), name]));

/** The full name of the type of a plain value, where the description names it: a quantity, a time, … Not in custom resources. */
export function valueTypeName(field: FieldInfo): string | undefined {
  if (field.description !== undefined) return undefined;
  switch (field.type) {
    case "quantity":
    case "intOrString":
    case "time":
    case "microTime":
      return byGoType.get(
        {
          quantity: "resource.Quantity",
          intOrString: "intstr.IntOrString",
          time: "v1.Time",
          microTime: "v1.MicroTime",
        }[field.type],
      );
    case "any":
      return byGoType.get(field.goType);
    default:
      return undefined;
  }
}

/** The default that the description states: its own, or the zero value of what Go always writes. */
export function statedDefault(field: FieldInfo): Json | undefined {
  if (field.default !== undefined) return field.default;
  if (field.pointer) return undefined;
  if (field.type === "ref") return {};
  if (!field.always) return undefined;
  return ({ string: "", integer: 0, number: 0, boolean: false } as Partial<Record<FieldInfo["type"], Json>>)[
    field.type
  ];
}
