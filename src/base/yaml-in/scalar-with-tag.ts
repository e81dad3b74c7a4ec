import { fromBase64 } from "../base64.ts";
import { FormatError } from "../format-error.ts";
import { textOf } from "../text-bytes.ts";
import { resolveScalar } from "../yaml-scalar.ts";
import type { GoScalar } from "./resolve-node.ts";

const prefix = "tag:yaml.org,2002:";

/** A scalar with a tag, as go-yaml v2 resolves it; unknown tags leave the text. */
export function scalarWithTag(text: string, tag: string): GoScalar {
  const name = tag.startsWith(prefix) ? tag.slice(prefix.length) : "";
  if (name === "binary") return decoded(text);
  if (!["bool", "int", "float", "null"].includes(name)) return text;
  const resolved = resolveScalar(text);
  if (resolved.tag === "null" && name === "null") return null;
  if (resolved.tag === "int" && name === "float") return Number(resolved.value);
  if (resolved.tag === name && "value" in resolved) return resolved.value;
  throw new FormatError(`yaml: cannot decode !!${resolved.tag} \`${text}\` as a !!${name}`);
}

function decoded(text: string): string {
  const bytes = fromBase64(text);
  if (!bytes) throw new FormatError("yaml: !!binary value contains invalid base64 data");
  return textOf(bytes);
}
