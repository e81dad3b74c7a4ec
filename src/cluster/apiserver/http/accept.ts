import { Status } from "../../../kinds/status.ts";

/** How an answer is wanted. */
export type Form =
  | { readonly kind: "json" }
  | { readonly kind: "table"; readonly version: string }
  | { readonly kind: "partial"; readonly list: boolean };

const wholes = ["application/json", "application/*", "*/*", ""];

/** The first wanted form that this server has (apiserver endpoints/handlers/negotiation, 1.35). It never writes protobuf. */
export function wantedForm(accept: string | undefined): Form {
  if (accept === undefined) return { kind: "json" };
  for (const clause of accept.split(",")) {
    const [type = "", ...parameters] = clause.split(";").map((part) => part.trim());
    if (!wholes.includes(type)) continue;
    const of = new Map(parameters.map((parameter) => parameter.split("=", 2) as [string, string]));
    const as = of.get("as");
    if (as === undefined) return { kind: "json" };
    if (of.get("g") !== "meta.k8s.io") continue;
    const version = of.get("v") ?? "";
    if (version !== "v1" && version !== "v1beta1") continue;
    if (as === "Table") return { kind: "table", version };
    if (as === "PartialObjectMetadata") return { kind: "partial", list: false };
    if (as === "PartialObjectMetadataList") return { kind: "partial", list: true };
  }
  if (accept.includes("application/yaml")) return { kind: "json" };
  throw notAcceptable();
}

function notAcceptable(): Status {
  const types = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
  return new Status("NotAcceptable", `only the following media types are accepted: ${types}`);
}
