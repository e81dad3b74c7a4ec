import type { ClientType } from "./read-client-node.ts";
import type { Texts } from "./read-texts.ts";

/** The four sources of texts, for one type or field at a time. */
export interface TextSources {
  readonly client: Map<string, ClientType>;
  readonly cdk8s: Texts;
  readonly types: Texts;
  readonly models: Texts;
  /** Texts of types that client-node puts in the place of a field's own. */
  readonly lost: ReadonlySet<string>;
}

/**
 * The text of `type` or `type#field`, with its enum values as a server appends them. kubernetes-models is nearest to the
 * release, cdk8s next; client-node is later and loses line breaks and the texts of references.
 */
export function chooseText(name: string, sources: TextSources): string {
  const [type = "", field] = name.split("#");
  const client = sources.client.get(type);
  const newest = (field === undefined ? client?.text : client?.fields.get(field)?.text) ?? "";
  const model = sources.models.get(name) ?? "";
  const at = model.indexOf("Possible enum values:\n");
  const enums = at < 0 ? "" : model.slice(at);
  const plainModel = at < 0 ? model : model.slice(0, at).trimEnd();
  const older = sources.cdk8s.get(name) ?? sources.types.get(name) ?? "";
  const own = field === undefined ? newest : ownText(newest, sources);
  const candidates = [plainModel, own, older].some((t) => isReworded(t, field, older))
    ? [older]
    : [plainModel, sources.cdk8s.get(name), own, older];
  const plain = candidates.find((t) => t !== undefined && t !== "") ?? "";
  const broken = candidates.find((t) => t?.includes("\n") && squeezed(t) === squeezed(plain)) ?? plain;
  return [broken, enums].filter((t) => t !== "").join("\n\n");
}

/** Release 1.36 began many texts with the name of their field; those of this release are the older ones then. */
function isReworded(text: string, field: string | undefined, older: string): boolean {
  return field !== undefined && older !== "" && text.startsWith(`${field} `) && !older.startsWith(`${field} `);
}

/** client-node's text, unless it is that of the type the field refers to. */
function ownText(newest: string, sources: TextSources): string {
  const [text = ""] = newest.split(/\s*Possible enum values:/);
  return sources.lost.has(squeezed(text)) || /^JSON(SchemaPropsOr\w+)? represents /.test(text) ? "" : text;
}

function squeezed(text: string | undefined): string {
  return (text ?? "").replace(/\s+/g, " ").trim();
}
