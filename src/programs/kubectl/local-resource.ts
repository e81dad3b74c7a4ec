import type { JsonObject } from "../../base/json.ts";
import { kinds } from "../../kinds/index.ts";
import type { Resource } from "./resource.ts";

/** The resource of an object as far as it can be told without a server (--local, --dry-run=client of generators). */
export function localResource({ apiVersion, kind }: JsonObject): Resource {
  const [first = "", second] = String(apiVersion ?? "").split("/");
  const [group, version] = second === undefined ? ["", first] : [first, second];
  const known = kinds.find((one) => one.kind === kind && one.group === group);
  const name = String(kind ?? "");
  return {
    group,
    version,
    plural: known?.plural ?? `${name.toLowerCase()}s`,
    singular: name.toLowerCase(),
    kind: name,
    namespaced: known?.namespaced ?? true,
    short: [],
    categories: [],
    verbs: [],
    subresources: [],
  };
}
