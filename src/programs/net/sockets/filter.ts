import { type Cidr, cidrContains, parseIp, rangeIn } from "../../../base/cidr.ts";
import { portNamed } from "../services.ts";
import type { OpenSocket } from "./open-sockets.ts";

/** A filter of ss that cannot be read: its words. */
export class FilterFault extends Error {}

type Test = (socket: OpenSocket) => boolean;

/** Reads an expression of ss: ( sport = :22 or sport = :80 ), src 127.0.0.1, sport gt :1024 (ss(8), FILTER). */
export function socketFilter(words: readonly string[]): Test {
  const tokens = words
    .join(" ")
    .replace(/([()!])/g, " $1 ")
    .replace(/(==|>=|<=|!=|=|>|<)/g, " $1 ")
    .replace(/! +=/g, "!=")
    .trim()
    .split(/\s+/)
    .filter((token) => token !== "");
  if (tokens.length === 0) return () => true;
  const reader = new FilterReader(tokens);
  return reader.all();
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  eq: (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ne: (a, b) => a !== b,
  neq: (a, b) => a !== b,
  ">=": (a, b) => a >= b,
  ge: (a, b) => a >= b,
  geq: (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  le: (a, b) => a <= b,
  leq: (a, b) => a <= b,
  ">": (a, b) => a > b,
  gt: (a, b) => a > b,
  "<": (a, b) => a < b,
  lt: (a, b) => a < b,
};

class FilterReader {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  all(): Test {
    const test = this.either();
    if (this.at < this.tokens.length)
      throw new FilterFault('ss: bison bellows (while parsing filter): "syntax error!" Sorry.');
    return test;
  }

  private either(): Test {
    let left = this.both();
    while (this.tokens[this.at] === "or" || this.tokens[this.at] === "|" || this.tokens[this.at] === "||") {
      this.at++;
      const [first, right] = [left, this.both()];
      left = (socket) => first(socket) || right(socket);
    }
    return left;
  }

  private both(): Test {
    let left = this.one();
    for (;;) {
      const token = this.tokens[this.at];
      if (token === undefined || token === ")" || token === "or" || token === "|" || token === "||") return left;
      if (token === "and" || token === "&" || token === "&&") this.at++;
      const [first, right] = [left, this.one()];
      left = (socket) => first(socket) && right(socket);
    }
  }

  private one(): Test {
    const token = this.tokens[this.at++];
    if (token === "not" || token === "!") {
      const inner = this.one();
      return (socket) => !inner(socket);
    }
    if (token === "(") {
      const inner = this.either();
      if (this.tokens[this.at++] !== ")")
        throw new FilterFault('ss: bison bellows (while parsing filter): "syntax error!" Sorry.');
      return inner;
    }
    if (token === "sport" || token === "dport") return this.port(token === "sport");
    if (token === "src" || token === "dst") return this.address(token === "src");
    throw new FilterFault('ss: bison bellows (while parsing filter): "syntax error!" Sorry.');
  }

  private port(isOwn: boolean): Test {
    const compare = comparisons[this.tokens[this.at] ?? ""];
    if (compare) this.at++;
    const word = this.tokens[this.at++] ?? "";
    const wanted = portOf(word.replace(/^.*:/, ""));
    return ({ port }) => (compare ?? comparisons["="])?.(isOwn ? port : 0, wanted) ?? false;
  }

  private address(isOwn: boolean): Test {
    const compare = this.tokens[this.at] ?? "";
    const isNot = compare === "!=" || compare === "ne";
    if (comparisons[compare]) this.at++;
    const word = this.tokens[this.at++] ?? "";
    const found = /^(\[?[^\]]*?\]?)(?::([\w*-]+))?$/.exec(word);
    const port = found?.[2] === undefined || found[2] === "*" ? undefined : portOf(found[2]);
    const text = (found?.[1] ?? "").replace(/[[\]]/g, "");
    const range = text === "" || text === "*" ? undefined : rangeOf(text);
    return (socket) => {
      const own = parseIp(isOwn ? socket.address : socket.family === 4 ? "0.0.0.0" : "::");
      const fits =
        (port === undefined || port === (isOwn ? socket.port : 0)) &&
        (!range || (own !== undefined && cidrContains(range, own)));
      return fits !== isNot;
    };
  }
}

function portOf(word: string): number {
  const port = /^\d+$/.test(word) ? Number(word) : portNamed(word);
  if (port === undefined)
    throw new FilterFault(`Error: "${word}" does not look like a port.\nCannot parse dst/src address.`);
  return port;
}

function rangeOf(text: string): Cidr {
  const range = rangeIn(text);
  if (range) return range;
  throw new FilterFault(`Error: an inet prefix is expected rather than "${text}".\nCannot parse dst/src address.`);
}
