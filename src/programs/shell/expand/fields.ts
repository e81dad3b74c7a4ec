import { escapePattern, hasMagic } from "../pattern/compile.ts";
import { Problem } from "../problem.ts";
import { STRING_LIMIT } from "../variables.ts";

interface Segment {
  readonly text: string;
  readonly quoted: boolean;
}

/** A word after expansion: its text, and as a pattern where something unquoted could match file names. */
export interface Field {
  readonly text: string;
  readonly pattern: string | undefined;
}

/** How the results of expansions are cut into words. */
export interface Splitting {
  readonly ifs: string;
  /** False in assignments, here-documents, `[[ ]]`. */
  readonly split: boolean;
  readonly extended: boolean;
}

/** Collects what the parts of a word expand to, and cuts it into fields. */
export class Fields {
  private readonly how: Splitting;
  private readonly done: (readonly Segment[])[] = [];
  private current: Segment[] | undefined;
  private size = 0;
  /** Whether the last delimiter was blank and ended a field, so that a following colon belongs to it. */
  private afterBlank = false;

  constructor(how: Splitting) {
    this.how = how;
  }

  /** Quoted text: begins a field even when it is empty. */
  quoted(text: string): void {
    this.add(text, true);
  }

  /** Text that was typed without quotes. */
  literal(text: string): void {
    if (text !== "") this.add(text, false);
  }

  /** The unquoted result of an expansion, which is split at the characters of IFS. */
  expansion(text: string): void {
    if (text === "") return;
    const { ifs, split } = this.how;
    if (!split || ifs === "") this.add(text, false);
    else this.splitAt(text, ifs);
  }

  private splitAt(text: string, ifs: string): void {
    let start = -1;
    for (let i = 0; i < text.length; i++) {
      const c = text[i] as string;
      if (!ifs.includes(c)) {
        if (start < 0) start = i;
        continue;
      }
      if (start >= 0) this.add(text.slice(start, i), false);
      start = -1;
      this.delimiter(c === " " || c === "\t" || c === "\n");
    }
    if (start >= 0) this.add(text.slice(start), false);
  }

  private delimiter(blank: boolean): void {
    if (this.current) {
      this.next();
      this.afterBlank = blank;
    } else if (!blank) {
      if (!this.afterBlank) this.done.push([]);
      this.afterBlank = false;
    }
  }

  private add(text: string, quoted: boolean): void {
    this.current ??= [];
    this.afterBlank = false;
    this.size += text.length;
    if (this.size > STRING_LIMIT) throw new Problem(`xrealloc: cannot allocate ${this.size} bytes`, "shell");
    this.current.push({ text, quoted });
  }

  get splits(): boolean {
    return this.how.split;
  }

  /** Ends the field, if there is one, so that what follows begins another. */
  next(): void {
    if (this.current) this.done.push(this.current);
    this.current = undefined;
  }

  fields(): Field[] {
    this.next();
    return this.done.map((segments) => this.fieldOf(segments));
  }

  private fieldOf(segments: readonly Segment[]): Field {
    const text = segments.length === 1 ? (segments[0]?.text ?? "") : segments.map((segment) => segment.text).join("");
    const suspicious = segments.some((segment) => !segment.quoted && /[*?[(]/.test(segment.text));
    if (!suspicious) return { text, pattern: undefined };
    const pattern = patternOf(segments);
    return { text, pattern: hasMagic(pattern, this.how.extended) ? pattern : undefined };
  }

  /** All of it as one text. */
  text(): string {
    return this.segments()
      .map((segment) => segment.text)
      .join("");
  }

  /** All of it as a pattern in which what was quoted stands for itself. */
  pattern(): string {
    return patternOf(this.segments());
  }

  segments(): readonly Segment[] {
    this.next();
    return this.done.flat();
  }
}

function patternOf(segments: readonly Segment[]): string {
  return segments.map(({ text, quoted }) => (quoted ? escapePattern(text) : text)).join("");
}
