export interface GoField {
  readonly name: string;
  readonly type: string;
  readonly marks: readonly string[];
}

/** The field tables of go-types.txt: full type name → fields, in the order Go declares them. */
export function readGoTypes(text: string): Map<string, GoField[]> {
  const types = new Map<string, GoField[]>();
  let fields: GoField[] = [];
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (!line.startsWith(" ")) {
      fields = [];
      types.set(line, fields);
      continue;
    }
    const [name, type, ...marks] = line.trim().split(" ");
    if (name === undefined || type === undefined) throw new Error(`go-types.txt: ${line}`);
    fields.push({ name, type, marks });
  }
  return types;
}

export interface ApplyRules {
  readonly lists: Map<string, string>;
  readonly maps: Map<string, string>;
  readonly defaults: Map<string, string>;
  readonly unions: Map<string, string>;
}

/** The rows of apply-rules.txt by `core.v1.Container.ports`. */
export function readApplyRules(text: string): ApplyRules {
  const rules: ApplyRules = { lists: new Map(), maps: new Map(), defaults: new Map(), unions: new Map() };
  const tables: Record<string, Map<string, string>> = {
    list: rules.lists,
    map: rules.maps,
    default: rules.defaults,
    union: rules.unions,
  };
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [word = "", where = "", ...rest] = line.split(" ");
    const table = tables[word];
    if (!table) throw new Error(`apply-rules.txt: ${line}`);
    table.set(where, rest.join(" "));
  }
  return rules;
}

/** io.k8s.api.core.v1.Pod → core.v1.Pod */
export function shortName(full: string): string {
  return full.split(".").slice(-3).join(".");
}

/** The package a type stands in: io.k8s.api.core.v1 */
export function packageOf(full: string): string {
  return full.slice(0, full.lastIndexOf("."));
}
