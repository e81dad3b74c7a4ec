import { base64Of } from "../../../base/base64.ts";
import type { Json } from "../../../base/json.ts";
import { bytesOf } from "../../../base/text-bytes.ts";
import { CommandFault } from "../faults.ts";
import { byteFields, type Config, type Section, sections } from "./define.ts";

/** What a dotted name such as contexts.staging.namespace leads to. */
export type Property =
  | { readonly kind: "current-context" }
  | { readonly kind: "preferences"; readonly field: string | undefined }
  | { readonly kind: "section"; readonly section: Section }
  | { readonly kind: "entry"; readonly section: Section; readonly name: string }
  | { readonly kind: "field"; readonly section: Section; readonly name: string; readonly field: string };

/** Reads a dotted name; names of entries may have dots where a known field follows (kubectl config set, 1.33). */
export function propertyNamed(path: string): Property {
  const [first = "", ...rest] = path.split(".");
  if (first === "current-context" && rest.length === 0) return { kind: "current-context" };
  if (first === "preferences") return { kind: "preferences", field: rest.length > 0 ? rest.join(".") : undefined };
  if (first !== "clusters" && first !== "contexts" && first !== "users")
    throw new CommandFault(`unable to parse ${path} after [] at api.Config`);
  if (rest.length === 0) return { kind: "section", section: first };
  const last = rest.at(-1) ?? "";
  if (rest.length > 1 && sections[first].fields.includes(last))
    return { kind: "field", section: first, name: rest.slice(0, -1).join("."), field: last };
  return { kind: "entry", section: first, name: rest.join(".") };
}

const boolFields = ["insecure-skip-tls-verify", "disable-compression"];

/** The value of a field as it is kept: a bool, base64, or text. */
export function propertyValue(field: string, text: string, rawBytes: boolean): Json {
  if (boolFields.includes(field)) {
    if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
    if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
    throw new CommandFault(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  if (!byteFields.includes(field)) return text;
  if (rawBytes) return base64Of(bytesOf(text));
  const wrong = /[^A-Za-z0-9+/=]/.exec(text)?.index ?? (text.length % 4 === 0 ? undefined : text.length);
  if (wrong !== undefined)
    throw new CommandFault(`error decoding input value: illegal base64 data at input byte ${wrong}`);
  return text;
}

/** What Go prints of a map of entries. The addresses are not those of a real run, which differ from run to run. */
export function mapText(config: Config, section: Section): string {
  const names = [...config[section].keys()].sort();
  return `map[${names.map((name, i) => `${name}:0xc000${(0x52f630 + i * 80).toString(16)}`).join(" ")}]`;
}
