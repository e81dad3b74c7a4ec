import { type CharacterSet, type Node, type Pattern, RegexError } from "./define.ts";

/** How many steps a match with back-references may take before it is given up. */
const STEPS = 2_000_000;

const classTests: Readonly<Record<string, RegExp>> = {
  alpha: /\p{L}/u,
  digit: /[0-9]/,
  alnum: /[\p{L}\p{Nd}]/u,
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  space: /[ \t\n\v\f\r]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~\p{P}\p{S}]/u,
  print: /[ -~\p{L}\p{N}\p{P}\p{S}\p{M}]/u,
  graph: /[!-~\p{L}\p{N}\p{P}\p{S}\p{M}]/u,
  cntrl: /[\x00-\x1f\x7f]/,
  xdigit: /[0-9A-Fa-f]/,
};

type Then = (at: number) => boolean;

/** A matcher for expressions with back-references, which no linear engine can run; its steps are counted. */
export function backtrackingPattern(node: Node, groups: number, ignoreCase: boolean): Pattern {
  return {
    groups,
    exec(text, from = 0) {
      const run = new Run(text, groups, ignoreCase);
      try {
        for (let at = from; at <= text.length; at++) {
          const found = run.matchAt(node, at);
          if (found) return found;
        }
        return undefined;
      } catch (error) {
        // A line too long for this matcher: the stack is used up.
        if (error instanceof RangeError) throw new RegexError("Regular expression too big");
        throw error;
      }
    },
    test(text) {
      return this.exec(text) !== undefined;
    },
  };
}

class Run {
  private readonly text: string;
  private readonly ignoreCase: boolean;
  private readonly spans: number[];
  private steps = 0;

  constructor(text: string, groups: number, ignoreCase: boolean) {
    this.text = text;
    this.ignoreCase = ignoreCase;
    this.spans = new Array(2 * (groups + 1)).fill(-1);
  }

  /** The longest match that starts here. */
  matchAt(node: Node, at: number): number[] | undefined {
    let best: number[] | undefined;
    this.spans.fill(-1);
    this.match(node, at, (end) => {
      if (!best || end > (best[1] ?? 0)) {
        best = [...this.spans];
        best[0] = at;
        best[1] = end;
      }
      return end === this.text.length;
    });
    return best;
  }

  private match(node: Node, at: number, then: Then): boolean {
    if (++this.steps > STEPS) throw new RegexError("Regular expression too big");
    switch (node.type) {
      case "text":
        return this.same(this.text.slice(at, at + node.text.length), node.text) && then(at + node.text.length);
      case "any":
      case "set":
        return this.one(node, at, then);
      case "assert":
        return this.holds(node.what, at) && then(at);
      case "group":
        return this.group(node.index, node.body, at, then);
      case "back": {
        const start = this.spans[2 * node.index] ?? -1;
        if (start < 0) return false;
        const found = this.text.slice(start, this.spans[2 * node.index + 1]);
        return this.same(this.text.slice(at, at + found.length), found) && then(at + found.length);
      }
      case "repeat":
        return this.repeat(node.body, node.min, node.max, at, then);
      case "either":
        return node.parts.some((part) => this.match(part, at, then));
      case "sequence":
        return this.sequence(node.parts, 0, at, then);
    }
  }

  private sequence(parts: readonly Node[], index: number, at: number, then: Then): boolean {
    const part = parts[index];
    return part ? this.match(part, at, (next) => this.sequence(parts, index + 1, next, then)) : then(at);
  }

  private repeat(body: Node, min: number, max: number, at: number, then: Then): boolean {
    if (body.type === "any" || body.type === "set") return this.repeatOne(body, min, max, at, then);
    if (max > 0) {
      const more = this.match(body, at, (next) => {
        if (next === at && min <= 0) return false;
        return this.repeat(body, min - 1, max - 1, next, then);
      });
      if (more) return true;
    }
    return min <= 0 && then(at);
  }

  /** Without recursion, because it is the common case: .* over a long line. */
  private repeatOne(body: Node, min: number, max: number, at: number, then: Then): boolean {
    const ends = [at];
    let reached = at;
    while (
      ends.length <= max &&
      this.one(body, reached, (next) => {
        reached = next;
        return true;
      })
    )
      ends.push(reached);
    for (let count = ends.length - 1; count >= min; count--) {
      this.steps++;
      if (then(ends[count] ?? at)) return true;
    }
    return false;
  }

  private group(index: number, body: Node, at: number, then: Then): boolean {
    const [start, end] = [this.spans[2 * index] ?? -1, this.spans[2 * index + 1] ?? -1];
    const found = this.match(body, at, (next) => {
      const before = [this.spans[2 * index] ?? -1, this.spans[2 * index + 1] ?? -1] as const;
      this.spans[2 * index] = at;
      this.spans[2 * index + 1] = next;
      if (then(next)) return true;
      [this.spans[2 * index], this.spans[2 * index + 1]] = before;
      return false;
    });
    if (!found) [this.spans[2 * index], this.spans[2 * index + 1]] = [start, end];
    return found;
  }

  private one(node: Node, at: number, then: Then): boolean {
    const code = this.text.codePointAt(at);
    if (code === undefined) return false;
    if (node.type === "set" && !this.inSet(node.set, code)) return false;
    return then(at + (code > 0xffff ? 2 : 1));
  }

  private inSet(set: CharacterSet, code: number): boolean {
    const character = String.fromCodePoint(code);
    const forms = this.ignoreCase ? [code, codeOf(character.toLowerCase()), codeOf(character.toUpperCase())] : [code];
    const found =
      forms.some((form) => set.ranges.some(([low, high]) => low <= form && form <= high)) ||
      forms.some((form) => set.classes.some((name) => classTests[name]?.test(String.fromCodePoint(form))));
    return found !== set.negated;
  }

  private same(a: string, b: string): boolean {
    return a === b || (this.ignoreCase && a.toLowerCase() === b.toLowerCase());
  }

  private holds(what: string, at: number): boolean {
    const before = isWord(this.text[at - 1]);
    const after = isWord(this.text[at]);
    if (what === "textStart") return at === 0;
    if (what === "textEnd") return at === this.text.length;
    if (what === "lineStart") return at === 0 || this.text[at - 1] === "\n";
    if (what === "lineEnd") return at === this.text.length || this.text[at] === "\n";
    if (what === "afterNoWord") return !before;
    if (what === "beforeNoWord") return !after;
    if (what === "wordStart") return !before && after;
    if (what === "wordEnd") return before && !after;
    return what === "edge" ? before !== after : before === after;
  }
}

function codeOf(text: string): number {
  return text.codePointAt(0) ?? 0;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
