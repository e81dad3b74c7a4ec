import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { baseName } from "../data-sources.ts";
import { BuildFault } from "./fault.ts";
import { splitPath } from "./field-spec.ts";
import type { Selector } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { places } from "./paths.ts";
import { rootPlace } from "./place.ts";
import { mover, type Transformer } from "./transformers.ts";
import { demandKind, scalarText } from "./tree.ts";

/** Puts one value into fields of several resources, or into paths that they hold (ValueAddTransformer, 5.6). */
export function valueAdder(config: JsonObject, loader: Loader): Transformer {
  const text = (value: Json | undefined) => (typeof value === "string" ? value : "");
  const value = text(config.value).trim() || baseName(loader.root);
  const path = text(config.targetFilePath);
  const file = path === "" ? undefined : parseYaml(loader.load(path));
  const more = isObject(file ?? null) ? (file as JsonObject).targets : undefined;
  const targets = [config.targets, more].flatMap((list) => (isList(list) ? list : [])).filter(isObject);
  if (targets.length === 0) throw new BuildFault("must specify at least one target");
  for (const target of targets) {
    if (text(target.fieldPath) === "") throw new BuildFault("fieldPath cannot be empty");
    if (positionOf(target) < 0)
      throw new BuildFault(`value of FilePathPosition (${positionOf(target)}) cannot be negative`);
  }
  return (map) => {
    for (const target of targets) {
      const { selector, fieldPath } = target;
      const chosen = isObject(selector) ? map.select(selector as Selector) : map.resources;
      if (fieldPath === "metadata/namespace") {
        mover(value, [])(map);
        continue;
      }
      for (const { object } of chosen) {
        for (const place of places(rootPlace(object), splitPath(text(fieldPath), "/"), "scalar")) {
          demandKind(place.value, "ScalarNode");
          place.put(withPart(scalarText(place.value), value, positionOf(target)));
        }
      }
    }
  };
}

function positionOf(target: JsonObject): number {
  return typeof target.filePathPosition === "number" ? target.filePathPosition : 0;
}

/** The value alone, or as the n-th part of the path that stood there. */
function withPart(path: string, value: string, position: number): string {
  if (position <= 0 || path === "") return value;
  const root = path.startsWith("/") ? "/" : "";
  const parts = path.split("/").filter((part) => part !== "");
  parts.splice(position - 1, 0, value);
  return root + parts.join("/");
}
