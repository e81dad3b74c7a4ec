import { fromBase64 } from "../base64.ts";
import { goQuote, goValue } from "../go-text.ts";
import { GoFunction, type GoValue } from "../go-value.ts";
import { type Json, toJson } from "../json.ts";
import { textOf } from "../text-bytes.ts";
import { index } from "./builtin-functions.ts";
import { TemplateSet } from "./execute-template.ts";
import { TemplateError } from "./template-node.ts";
import { FunctionError, type FunctionTable } from "./template-run.ts";

/** What kubectl adds to Go's functions (kubectl 1.33). */
export const kubectlFunctions: FunctionTable = {
  exists: new GoFunction(["interface {}"], "interface {}", exists),
  base64decode: new GoFunction(["string"], undefined, (text) => decode(String(text))),
};

/** Whether `index` would find something. */
function exists(item: GoValue, ...indexes: GoValue[]): GoValue {
  try {
    const found = index(item, ...indexes);
    return found !== undefined && found !== null;
  } catch (problem) {
    if (problem instanceof FunctionError) return false;
    throw problem;
  }
}

function decode(text: string): string {
  const wrong = firstIllegal(text);
  if (wrong !== undefined) {
    throw new FunctionError(`base64 decode failed: illegal base64 data at input byte ${wrong}`);
  }
  return textOf(fromBase64(text) ?? new Uint8Array());
}

/** The byte at which Go's base64 decoder gives up, if it does. */
function firstIllegal(text: string): number | undefined {
  let inGroup = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (character === "\n" || character === "\r") continue;
    if (/[A-Za-z0-9+/]/.test(character)) {
      inGroup = (inGroup + 1) % 4;
      continue;
    }
    if (character !== "=" || inGroup < 2) return i;
    return afterPadding(text, i + 1, inGroup === 2);
  }
  return inGroup === 0 ? undefined : text.length - inGroup;
}

/** Checks what follows the first `=`: one more if the group wants it, then nothing. */
function afterPadding(text: string, from: number, wantsMore: boolean): number | undefined {
  let at = skipLineEnds(text, from);
  if (wantsMore) {
    if (at === text.length) return at;
    if (text[at] !== "=") return at;
    at = skipLineEnds(text, at + 1);
  }
  return at < text.length ? at : undefined;
}

function skipLineEnds(text: string, from: number): number {
  let at = from;
  while (text[at] === "\n" || text[at] === "\r") at++;
  return at;
}

/** A template of `-o go-template`, read. */
export interface GoTemplate {
  readonly template: string;
  readonly set: TemplateSet;
}

/** kubectl's name for the template. */
const output = "output";

/** Reads the template of `-o go-template`; what is wrong with it is said as kubectl says it. */
export function goTemplate(template: string): GoTemplate {
  if (template === "") throw new TemplateError("template format specified but no template given");
  const set = new TemplateSet(kubectlFunctions);
  try {
    set.add(output, template);
  } catch (problem) {
    if (!(problem instanceof TemplateError)) throw problem;
    throw new TemplateError(`error parsing template ${template}, ${problem.message}`);
  }
  return { template, set };
}

/**
 * What `kubectl -o go-template=…` prints for an object. The TemplateError of a failing template holds the text for
 * stderr (after `error: `) and, as `printed`, all that goes to stdout: what was printed before, and the explanation.
 */
export function printGoTemplate(
  { template, set }: GoTemplate,
  object: Json,
  options: {
    readonly allowMissingKeys?: boolean;
    /** The object was made from Go's structs: its raw data keep their order. */
    readonly typed?: boolean;
  } = {},
): string {
  try {
    return set.execute(output, object, { strict: options.allowMissingKeys === false });
  } catch (problem) {
    if (!(problem instanceof TemplateError)) throw problem;
    const explanation =
      `Error executing template: ${problem.message}. Printing more information for debugging the template:\n` +
      `\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${toJson(object, { sortKeys: !options.typed })}\n` +
      `\tobject given to template engine was:\n\t\t${goValue(object)}\n\n`;
    throw new TemplateError(
      `error executing template ${goQuote(template)}: ${problem.message}`,
      problem.printed + explanation,
    );
  }
}
