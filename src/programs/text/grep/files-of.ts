import { Errno } from "../../../machine/define.ts";
import type { Call } from "../define.ts";
import { globMatches } from "../shared/glob.ts";

/** The files that one operand stands for: itself, or with -r all below it. "" is the current directory. */
export function* filesOf(call: Call, operand: string, recursive: boolean): Generator<string> {
  if (operand === "-" || !recursive) {
    if (operand === "-" || wanted(call, operand, true)) yield operand;
    return;
  }
  const stat = call.files.find(call.path(operand === "" ? "." : operand), call.who);
  if (stat?.kind !== "directory") {
    if (wanted(call, operand, true)) yield operand;
    return;
  }
  if (operand === "" || !excludedFolder(call, operand)) yield* below(call, operand, 0);
}

function* below(call: Call, folder: string, depth: number): Generator<string> {
  if (depth > 200) return;
  let names: readonly string[];
  try {
    names = call.files.list(call.path(folder === "" ? "." : folder), call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    // Opening it gives the message.
    yield folder;
    return;
  }
  const prefix = folder === "" ? "" : folder.endsWith("/") ? folder : `${folder}/`;
  for (const name of names) {
    const path = prefix + name;
    const stat = call.files.find(call.path(path), call.who, { follow: call.has("R") });
    if (!stat || (stat.kind === "link" && !call.has("R"))) continue;
    if (stat.kind === "directory") {
      if (!excludedFolder(call, name)) yield* below(call, path, depth + 1);
    } else if (stat.kind === "file" && wanted(call, name, false)) yield path;
  }
}

function excludedFolder(call: Call, name: string): boolean {
  const base = name.replace(/\/+$/, "");
  return call.given.some(
    ({ key, value = "" }) => key === "exclude-dir" && globMatches(value.replace(/\/+$/, ""), base),
  );
}

/** The last of --include and --exclude that matches decides; without a match, whether the first was an --exclude. */
function wanted(call: Call, name: string, operand: boolean): boolean {
  const rules = call.given.filter(({ key }) => key === "include" || key === "exclude");
  if (rules.length === 0) return true;
  const base = operand ? name.slice(name.lastIndexOf("/") + 1) : name;
  const deciding = rules.findLast(({ value = "" }) => globMatches(value, base) || globMatches(value, name));
  return deciding ? deciding.key === "include" : rules[0]?.key === "exclude";
}
