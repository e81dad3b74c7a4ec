import { joinBytes } from "../../../base/escapes.ts";
import { bytesOf } from "../../../base/text-bytes.ts";
import { escapeAt } from "./escapes.ts";
import { type Directive, directivePattern, formatReal, formatText, formatWhole } from "./format-directive.ts";
import { LINE_LIMIT } from "./input.ts";
import { quote, quoteName } from "./quote.ts";

/** What printf(1) prints, and what it complains of. */
export interface Printed {
  readonly text: string;
  readonly problems: readonly string[];
  /** A fault in the format itself: nothing after it is printed. */
  readonly fatal: boolean;
}

/** Carries printf(1) out: the format is used again until all arguments are. */
export function formatPrintf(format: string, args: readonly string[]): Printed {
  const run = new Run(format, args);
  run.all();
  return { text: joinBytes(run.text), problems: run.problems, fatal: run.fatal };
}

class Run {
  text = "";
  readonly problems: string[] = [];
  fatal = false;
  private used = 0;
  private ended = false;
  private readonly format: string;
  private readonly args: readonly string[];

  constructor(format: string, args: readonly string[]) {
    this.format = format;
    this.args = args;
  }

  all(): void {
    do {
      const before = this.used;
      this.once();
      if (this.used === before) break;
    } while (this.used < this.args.length && !this.ended);
    const extra = this.args[this.used];
    if (!this.ended && extra !== undefined)
      this.problems.push(`warning: ignoring excess arguments, starting with ${quote(extra)}`);
  }

  private once(): void {
    const { format } = this;
    for (let at = 0; at < format.length && !this.ended; ) {
      const character = format[at] ?? "";
      if (character === "\\") {
        const found = escapeAt(format, at, false);
        if (found === "end") {
          this.ended = true;
          return;
        }
        this.text += found ? found.text : format[at + 1] === '"' ? '"' : `\\${format[at + 1] ?? ""}`;
        at = found ? found.next : at + 2;
      } else if (character === "%") at = this.directive(at);
      else {
        this.text += character;
        at++;
      }
      if (this.text.length > LINE_LIMIT) this.stop("memory exhausted");
    }
  }

  private stop(problem: string): void {
    this.problems.push(problem);
    this.fatal = true;
    this.ended = true;
  }

  private directive(at: number): number {
    directivePattern.lastIndex = at;
    const found = directivePattern.exec(this.format);
    if (!found) {
      this.stop(`${this.format.slice(at)}: invalid conversion specification`);
      return this.format.length;
    }
    const [whole = "", givenFlags = "", givenWidth, givenPrecision, conversion = ""] = found;
    if (conversion === "%") {
      this.text += "%";
      return at + whole.length;
    }
    let width = givenWidth === "*" ? Number(this.whole(this.take() ?? "0")) : Number(givenWidth ?? 0);
    const flags = width < 0 ? `${givenFlags}-` : givenFlags;
    width = Math.abs(width);
    const precision =
      givenPrecision === "*"
        ? Number(this.whole(this.take() ?? "0"))
        : givenPrecision === undefined
          ? undefined
          : Number(givenPrecision);
    if (width > LINE_LIMIT || (precision ?? 0) > LINE_LIMIT) {
      this.stop("write error: Cannot allocate memory");
      return this.format.length;
    }
    this.convert(
      { flags, width, precision: precision !== undefined && precision < 0 ? undefined : precision, conversion },
      whole,
    );
    return at + whole.length;
  }

  private take(): string | undefined {
    return this.args[this.used++];
  }

  private convert(directive: Directive, written: string): void {
    const { conversion } = directive;
    if ("sbqc".includes(conversion)) this.text += this.textual(conversion, this.take() ?? "", directive);
    else if ("diouxX".includes(conversion)) this.text += formatWhole(this.whole(this.take()), directive);
    else if ("eEfFgGaA".includes(conversion)) this.text += formatReal(this.real(this.take()), directive);
    else this.stop(`${written}: invalid conversion specification`);
  }

  private textual(conversion: string, word: string, directive: Directive): string {
    if (conversion === "s") return formatText(word, directive);
    if (conversion === "q") return formatText(word === "" ? "''" : quoteName(word), directive);
    if (conversion === "c") return formatText(word.slice(0, (word.codePointAt(0) ?? 0) > 0xffff ? 2 : 1), directive);
    let text = "";
    for (let at = 0; at < word.length; ) {
      const found = word[at] === "\\" ? escapeAt(word, at, true) : undefined;
      if (found === "end") {
        this.ended = true;
        break;
      }
      text += found ? found.text : word[at];
      at = found ? found.next : at + 1;
    }
    return formatText(text, directive);
  }

  /** A number as strtoimax(3) takes it; 'c gives the code of a character. */
  private whole(word: string | undefined): bigint {
    if (word === undefined) return 0n;
    const quoted = this.quoted(word);
    if (quoted !== undefined) return BigInt(quoted);
    const found = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(word);
    this.complain(word, found?.[0].length ?? 0);
    if (!found) return 0n;
    const digits = found[2] ?? "0";
    const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    const signed = found[1] === "-" ? -value : value;
    const [least, most] = [-(1n << 63n), (1n << 64n) - 1n];
    if (signed >= least && signed <= most) return signed;
    this.problems.push(`${quote(word)}: Numerical result out of range`);
    return signed < 0n ? least : (1n << 63n) - 1n;
  }

  private real(word: string | undefined): number {
    if (word === undefined) return 0;
    const quoted = this.quoted(word);
    if (quoted !== undefined) return quoted;
    const found = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(word);
    this.complain(word, found?.[0].length ?? 0);
    const text = (found?.[0] ?? "0").trim();
    if (/inf/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return Number(text);
  }

  private quoted(word: string): number | undefined {
    if (!/^["']./s.test(word)) return undefined;
    return word.codePointAt(1) ?? bytesOf(word)[1];
  }

  private complain(word: string, length: number): void {
    if (length === 0) this.problems.push(`${quote(word)}: expected a numeric value`);
    else if (length < word.length) this.problems.push(`${quote(word)}: value not completely converted`);
  }
}
