import { SECOND } from "../../../base/clock.ts";
import { byteLength, bytesOf, textOf } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import { usageError } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { backslashQuote } from "../expand/quote.ts";
import { formatTime } from "../format-time.ts";
import { assignReference } from "../reference.ts";
import type { Shell } from "../shell.ts";
import { STRING_LIMIT } from "../variables.ts";
import { echoEscapes } from "./escapes.ts";
import { fixedDecimals } from "./long-double.ts";

export const printf: Builtin = {
  name: "printf",
  usage: "[-v var] format [arguments]",
  help: "Formats and prints ARGUMENTS under control of the FORMAT.",
  *run(shell, args) {
    let [variable, rest]: [string | undefined, readonly string[]] = [undefined, args];
    if (rest[0]?.startsWith("-v")) {
      variable = rest[0] === "-v" ? rest[1] : rest[0].slice(2);
      rest = rest.slice(rest[0] === "-v" ? 2 : 1);
    }
    if (rest[0] === "--") rest = rest.slice(1);
    else if (/^-./.test(rest[0] ?? ""))
      return yield* usageError(shell, this, `${(rest[0] as string).slice(0, 2)}: invalid option`);
    const [format, ...values] = rest;
    if (format === undefined) return yield* usageError(shell, this);
    const printing = new Printing(shell, values);
    const text = yield* printing.all(format);
    if (variable === undefined) return (yield* shell.out("printf", text)) || printing.status;
    return (yield* assignReference(shell, "printf", variable, text)) || printing.status;
  },
};

const directive =
  /%(?:%|([-#+ 0]*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(?:hh|h|ll|l|L|j|z|t|q(?=[diouxX]))?(\((?:[^)]*)\)T|[a-zA-Z])?)/g;

class Printing {
  status = 0;
  private readonly shell: Shell;
  private readonly values: readonly string[];
  private at = 0;
  private stopped = false;
  private size = 0;

  constructor(shell: Shell, values: readonly string[]) {
    this.shell = shell;
    this.values = values;
  }

  /** The format is used again as long as there are arguments. */
  *all(format: string): Task<string> {
    const pieces: string[] = [];
    do {
      if (this.shell.proc.tick()) yield undefined;
      const before = this.at;
      const piece = yield* this.once(format);
      pieces.push(piece);
      this.size += piece.length;
      if (this.size > STRING_LIMIT) {
        yield* this.fail(`xrealloc: cannot allocate ${this.size} bytes`);
        break;
      }
      if (this.at === before) break;
    } while (this.at < this.values.length && !this.stopped);
    return pieces.join("");
  }

  private *once(format: string): Task<string> {
    let out = "";
    let from = 0;
    for (const match of format.matchAll(directive)) {
      out += this.literal(format.slice(from, match.index));
      if (this.stopped) return out;
      from = match.index + match[0].length;
      out += yield* this.one(match, format);
      if (this.stopped) return out;
    }
    return out + this.literal(format.slice(from));
  }

  private literal(text: string): string {
    return echoEscapes(text, "format").out;
  }

  private next(): string | undefined {
    return this.values[this.at++];
  }

  private *one(match: RegExpExecArray, format: string): Task<string> {
    const [whole, flagText = "", width, precision, kind] = match;
    if (whole === "%%") return "%";
    if (kind === undefined) {
      const shown = format[match.index + whole.length] ?? "";
      yield* this.fail(
        shown === "" ? `\`${whole}': missing format character` : `\`${shown}': invalid format character`,
      );
      this.stopped = true;
      return "";
    }
    let flags = flagText;
    let wide = width === "*" ? Number(yield* this.integer(this.next())) : Number(width ?? 0);
    if (wide < 0) {
      flags += "-";
      wide = -wide;
    }
    const hasPrecision = /\./.test(whole.replace(/\(.*$/s, ""));
    let exact: number | undefined = !hasPrecision
      ? undefined
      : precision === "*"
        ? Number(yield* this.integer(this.next()))
        : Number(precision ?? 0);
    if (exact !== undefined && exact < 0) exact = undefined;
    if (wide > STRING_LIMIT || (exact ?? 0) > STRING_LIMIT) {
      yield* this.fail("Cannot allocate memory");
      this.stopped = true;
      return "";
    }
    const text = yield* this.converted(kind, flags, exact);
    if (text === undefined) return "";
    const zero =
      flags.includes("0") &&
      !flags.includes("-") &&
      /[diouxXeEfFgGaA]/.test(kind) &&
      !(exact !== undefined && /[diouxX]/.test(kind));
    return pad(text, wide, flags.includes("-"), zero);
  }

  private *converted(kind: string, flags: string, exact: number | undefined): Task<string | undefined> {
    if (kind.startsWith("(")) return yield* this.time(kind.slice(1, -2));
    switch (kind) {
      case "s":
        return cut(this.next() ?? "", exact);
      case "b": {
        const { out, stopped } = echoEscapes(this.next() ?? "", "argument");
        this.stopped ||= stopped;
        return cut(out, exact);
      }
      case "q":
        return backslashQuote(this.next() ?? "");
      case "Q":
        return backslashQuote(cut(this.next() ?? "", exact));
      case "c":
        return (this.next() ?? "").slice(0, 1);
      case "d":
      case "i":
      case "u":
      case "o":
      case "x":
      case "X":
        return wholeNumber(kind, flags, exact, yield* this.integer(this.next()));
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
        return yield* this.floating(kind, flags, exact ?? 6);
      default:
        yield* this.fail(`\`${kind}': invalid format character`);
        this.stopped = true;
        return undefined;
    }
  }

  private *time(format: string): Task<string> {
    const given = this.next();
    const { clock } = this.shell.proc.machine.kernel;
    const seconds = given === undefined ? -1n : yield* this.integer(given);
    const at = seconds === -1n ? clock.now : seconds === -2n ? this.shell.proc.started : Number(seconds) * SECOND;
    return formatTime(this.shell, format === "" ? "%X" : format, at);
  }

  private *integer(text: string | undefined): Task<bigint> {
    if (text === undefined || text === "") return 0n;
    const quoted = /^["'](.?)/su.exec(text);
    if (quoted) return BigInt(quoted[1]?.codePointAt(0) ?? 0);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    const digits = match?.[2] ?? "0";
    if (!match || match[0].length !== text.trimEnd().length) yield* this.fail(`${text}: invalid number`);
    const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits) * (match?.[1] === "-" ? -1n : 1n);
    const limit = 1n << 63n;
    if (value >= limit * 2n || value < -limit) {
      yield* this.fail(`${text}: Numerical result out of range`);
      return value < 0n ? -limit : limit - 1n;
    }
    return value;
  }

  private *floating(kind: string, flags: string, exact: number): Task<string> {
    const text = this.next() ?? "";
    const decimal = kind.toLowerCase() === "f" && exact <= 100 ? fixedDecimals(text, exact) : undefined;
    return signed(decimal ?? floating(kind, flags, exact, yield* this.float(text)), flags);
  }

  private *float(text: string | undefined): Task<number> {
    if (text === undefined || text === "") return 0;
    const quoted = /^["'](.?)/su.exec(text);
    if (quoted) return quoted[1]?.codePointAt(0) ?? 0;
    const match =
      /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
    if (!match || match[0].length !== text.length) yield* this.fail(`${text}: invalid number`);
    const number = match?.[0].trim() ?? "0";
    if (/inf/i.test(number)) return number.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return Number(number);
  }

  private *fail(message: string): Task {
    this.status = 1;
    yield* this.shell.complain(`printf: ${message}`);
  }
}

function cut(text: string, exact: number | undefined): string {
  return exact === undefined || byteLength(text) <= exact ? text : textOf(bytesOf(text).slice(0, exact));
}

function pad(text: string, width: number, left: boolean, zero: boolean): string {
  // Bash's printf counts bytes.
  const missing = width - byteLength(text);
  if (missing <= 0) return text;
  if (left) return text + " ".repeat(missing);
  if (!zero || /[in]/i.test(text.slice(-1))) return " ".repeat(missing) + text;
  const sign = /^[-+ ]?(?:0[xX])?/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

function signed(text: string, flags: string): string {
  return text.startsWith("-") ? text : flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

function wholeNumber(kind: string, flags: string, exact: number | undefined, value: bigint): string {
  if (kind === "d" || kind === "i") {
    const digits = (value < 0n ? -value : value).toString().padStart(exact ?? 0, "0");
    return signed((value < 0n ? "-" : "") + digits, flags);
  }
  const unsigned = BigInt.asUintN(64, value);
  const base = kind === "o" ? 8 : kind === "u" ? 10 : 16;
  const digits = unsigned.toString(base).padStart(exact ?? 0, "0");
  const prefixed =
    flags.includes("#") && unsigned !== 0n
      ? kind === "o"
        ? `0${digits}`
        : base === 16
          ? `0x${digits}`
          : digits
      : digits;
  return kind === "X" ? prefixed.toUpperCase() : prefixed;
}

function floating(kind: string, flags: string, exact: number, value: number): string {
  const lower = kind.toLowerCase();
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  else if (lower === "f") text = value.toFixed(Math.min(exact, 100));
  else if (lower === "e") text = exponent(value.toExponential(Math.min(exact, 100)));
  else text = general(value, exact === 0 ? 1 : exact, flags.includes("#"));
  return kind === lower ? text : text.toUpperCase();
}

function exponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, "e$10$2");
}

function general(value: number, digits: number, keep: boolean): string {
  const power = value === 0 ? 0 : Number(value.toExponential(Math.min(digits, 100) - 1).split("e")[1]);
  const text =
    power < -4 || power >= digits
      ? exponent(value.toExponential(Math.min(digits, 100) - 1))
      : value.toFixed(Math.max(0, Math.min(digits - 1 - power, 100)));
  return keep || !text.includes(".") ? text : text.replace(/\.?0+(?=e|$)/, "");
}
