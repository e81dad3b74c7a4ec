import type { Redirection } from "unbash";
import type { Redirect } from "./ast.ts";
import type { Source } from "./source.ts";

/** A redirection, with the text of a here-document as its target. */
export function redirectOf(parsed: Redirection, source: Source): Redirect {
  const { descriptor } = parsed;
  const fd = descriptor?.type === "FileDescriptor" ? descriptor.value : undefined;
  const variable = descriptor?.type === "FileDescriptorVariable" ? descriptor.name : undefined;
  if (parsed.type !== "HereDoc")
    return { operator: parsed.operator, fd, variable, target: { text: parsed.target?.text ?? "" } };
  const delimiter = parsed.delimiter?.value ?? "";
  if (!parsed.closing) source.warnings.push({ line: source.lastLine - 1, from: source.line(parsed.pos), delimiter });
  const stripped = parsed.operator === "<<-" ? parsed.body.text.replace(/^\t+/gm, "") : parsed.body.text;
  if (parsed.delimiter?.quoted) {
    return { operator: "<<", fd, variable, target: { text: stripped, parts: [{ type: "quoted", text: stripped }] } };
  }
  return { operator: "<<", fd, variable, target: { text: stripped, quoting: "here-document" } };
}
