import { CommandFault } from "./faults.ts";

/** The words after a verb: types with names, or TYPE/NAME pairs. */
export interface Named {
  readonly combined: boolean;
  readonly pairs: readonly (readonly [type: string, name: string])[];
  readonly types: readonly string[];
  readonly names: readonly string[];
}

/** Takes `TYPE NAME…`, `TYPE1,TYPE2 [NAME…]` and `TYPE/NAME…` apart; faults are resource.Builder's. */
export function namedObjects(given: readonly string[]): Named {
  const args = asPairs(given);
  const slashed = args.filter((arg) => arg.includes("/"));
  if (slashed.length > 0) {
    if (slashed.length !== args.length)
      throw new CommandFault(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
      );
    return { combined: true, pairs: slashed.map(pairOf), types: [], names: [] };
  }
  const [types = "", ...names] = args;
  return { combined: false, pairs: [], types: typesIn(types), names };
}

/** Several types with names mean each name of each type. */
function asPairs(args: readonly string[]): readonly string[] {
  const [types = "", ...names] = args;
  const split = types.split(",");
  if (names.length === 0 || split.length < 2 || types.includes("/")) return args;
  return split.flatMap((type) => names.map((name) => `${type}/${name}`));
}

function typesIn(types: string): readonly string[] {
  return [...new Set(types.split(","))];
}

function pairOf(arg: string): readonly [string, string] {
  const parts = arg.split("/");
  if (parts.length > 2) throw new CommandFault("arguments in resource/name form may not have more than one slash");
  const [type = "", name = ""] = parts;
  if (type === "" || name === "" || type.includes(","))
    throw new CommandFault("arguments in resource/name form must have a single resource and name");
  return [type, name];
}
