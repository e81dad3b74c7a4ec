import { Fail } from "../shared/fail.ts";
import { type Directive, directivePattern, formatReal, formatText, formatWhole } from "../shared/format-directive.ts";
import { LINE_LIMIT } from "../shared/input.ts";
import { InputText, toNumber, type Value } from "./value.ts";

interface Texts {
  text(value: Value): string;
}

/** awk's printf: every directive takes one argument, and one for each star. */
export function formatAwk(format: string, args: readonly Value[], texts: Texts): string {
  let result = "";
  let used = 0;
  const take = (): Value => {
    if (used >= args.length) throw new Fail(`run time error: not enough arguments passed to printf("${format}")`, 2);
    return args[used++];
  };
  for (let at = 0; at < format.length; ) {
    const next = format.indexOf("%", at);
    if (next < 0) return result + format.slice(at);
    result += format.slice(at, next);
    directivePattern.lastIndex = next;
    const found = directivePattern.exec(format);
    if (!found) {
      result += "%";
      at = next + 1;
      continue;
    }
    at = next + found[0].length;
    result += found[4] === "%" ? "%" : one(directiveOf(found, take), found[0], take, texts);
    if (result.length > LINE_LIMIT) throw new Fail("out of memory", 2);
  }
  return result;
}

function directiveOf(found: RegExpExecArray, take: () => Value): Directive {
  let flags = found[1] ?? "";
  let width = found[2] === "*" ? Math.trunc(toNumber(take())) : Number(found[2] ?? 0);
  if (width < 0) {
    flags += "-";
    width = -width;
  }
  const asked = found[3] === "*" ? Math.trunc(toNumber(take())) : found[3] === undefined ? undefined : Number(found[3]);
  if (width > LINE_LIMIT || (asked ?? 0) > LINE_LIMIT) throw new Fail("out of memory", 2);
  return { flags, width, precision: asked === undefined || asked < 0 ? undefined : asked, conversion: found[4] ?? "" };
}

function one(directive: Directive, written: string, take: () => Value, texts: Texts): string {
  switch (directive.conversion) {
    case "c":
      return formatText(character(take(), texts), { ...directive, precision: undefined });
    case "s":
      return formatText(texts.text(take()), directive);
    case "d":
    case "i":
    case "o":
    case "x":
    case "X":
    case "u":
      return whole(toNumber(take()), directive);
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return formatReal(toNumber(take()), directive);
    default:
      throw new Fail(`run time error: bad conversion ${written.slice(-1)}`, 2);
  }
}

/** Numbers that do not fit into a C int are cut to the nearest that does, as mawk does it. */
function whole(value: number, directive: Directive): string {
  if (!Number.isFinite(value)) return formatReal(value, { ...directive, conversion: "g" });
  const [least, most] = /[di]/.test(directive.conversion) ? [1 - 2 ** 31, 2 ** 31 - 1] : [1 - 2 ** 31, 2 ** 32 - 1];
  return formatWhole(BigInt(Math.trunc(Math.min(Math.max(value, least), most))), directive);
}

function character(value: Value, texts: Texts): string {
  const code = typeof value === "number" ? value : value instanceof InputText ? value.looksLike : null;
  if (code !== null) return String.fromCodePoint(Math.min(Math.max(0, Math.trunc(code)), 0x10ffff));
  const text = texts.text(value);
  return text === "" ? "" : String.fromCodePoint(text.codePointAt(0) ?? 0);
}
