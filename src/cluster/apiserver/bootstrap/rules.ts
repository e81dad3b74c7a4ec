import type { PolicyRule } from "../../../kinds/types/core.ts";
import { freezeNew } from "../../store/freeze.ts";

const words: Readonly<Record<string, string>> = {
  read: "get,list,watch",
  write: "create,delete,deletecollection,patch,update",
  all: "create,delete,deletecollection,get,list,patch,update,watch",
};
/** Rules are the same in every cluster: read once, shared by all. */
const known = new Map<string, readonly PolicyRule[]>();

/** The rules that some lines say: VERBS GROUPS RESOURCES [NAMES], VERBS url PATHS, or record. */
export function rulesOf(lines: string): readonly PolicyRule[] {
  let rules = known.get(lines);
  if (!rules) {
    rules = freezeNew(lines === "" ? [] : lines.split("\n").map((line) => ruleOf(line.trim())));
    known.set(lines, rules);
  }
  return rules;
}

function ruleOf(line: string): PolicyRule {
  if (line === "record") return ruleOf("create,patch,update core,events.k8s.io events");
  const [verbs = "", groups = "", resources = "", names] = line.split(" ");
  const list = (words[verbs] ?? verbs).split(",");
  if (groups === "url") return { nonResourceURLs: resources.split(","), verbs: list };
  return {
    apiGroups: groups.split(",").map((group) => (group === "core" ? "" : group)),
    ...(names ? { resourceNames: names.split(",") } : {}),
    resources: resources.split(","),
    verbs: list,
  };
}
