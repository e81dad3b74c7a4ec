import { cidrContains, parseCidr, parseIp } from "../../../../base/cidr.ts";
import { FormatError } from "../../../../base/format-error.ts";
import type { HttpRequest } from "../../../../base/http.ts";
import { guestRegex } from "../../../../base/regex.ts";
import { hostOf, pathAndQuery } from "../../../network/http/match.ts";

/** Whether a request is a router's. */
export type Matcher = (request: HttpRequest) => boolean;

/** What a matcher's name stands for, given its values (pkg/muxer/http/matcher.go, 3.6). */
const matchers: Readonly<Record<string, (...values: readonly string[]) => Matcher>> = {
  Host:
    (host = "") =>
    (request) =>
      hostOf(request.headers.host) === host.toLowerCase(),
  HostRegexp: (pattern = "") => byPattern(pattern, ({ headers }) => hostOf(headers.host)),
  Path:
    (path = "") =>
    (request) =>
      pathAndQuery(request.path).path === path,
  PathPrefix:
    (prefix = "") =>
    (request) =>
      pathAndQuery(request.path).path.startsWith(prefix),
  PathRegexp: (pattern = "") => byPattern(pattern, ({ path }) => pathAndQuery(path).path),
  Method:
    (method = "") =>
    (request) =>
      request.method === method.toUpperCase(),
  Header:
    (name = "", value = "") =>
    (request) =>
      request.headers[name.toLowerCase()] === value,
  HeaderRegexp: (name = "", pattern = "") =>
    byPattern(pattern, ({ headers }) => headers[name.toLowerCase()] ?? undefined),
  Query:
    (name = "", value) =>
    (request) => {
      const found = new URLSearchParams(pathAndQuery(request.path).query).getAll(name);
      return value === undefined ? found.length > 0 : found.includes(value);
    },
  ClientIP: (range = "") => {
    const isIn = inRanges([range]);
    return (request) => isIn(request.from);
  },
};

function byPattern(pattern: string, of: (request: HttpRequest) => string | undefined): Matcher {
  const regex = guestRegex(pattern);
  return (request) => {
    const text = of(request);
    return text !== undefined && regex.test(text);
  };
}

/** Whether an address is in one of these ranges. Throws FormatError for what is none. */
export function inRanges(ranges: readonly string[]): (address: string | undefined) => boolean {
  const all = ranges.map((range) => {
    if (!parseIp(range)) parseCidr(range);
    return range;
  });
  return (address = "") => {
    const ip = parseIp(address);
    return all.some((range) => range === address || (ip && range.includes("/") && cidrContains(parseCidr(range), ip)));
  };
}

/** Reads a rule: Host(`a.example`) && (PathPrefix(`/x`) || !Method(`POST`)). Throws FormatError. */
export function matcherOf(rule: string): Matcher {
  const reader = new RuleReader(rule);
  const matcher = reader.either();
  if (!reader.atEnd) throw new FormatError(`error while parsing rule ${rule}: expected end of rule`);
  return matcher;
}

class RuleReader {
  private readonly rule: string;
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(rule: string) {
    this.rule = rule;
    this.tokens = rule.match(/&&|\|\||[!(),]|`[^`]*`|"(?:[^"\\]|\\.)*"|[A-Za-z]+|\S/g) ?? [];
  }

  get atEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  either(): Matcher {
    let left = this.both();
    while (this.tokens[this.at] === "||") {
      this.at++;
      const [a, b] = [left, this.both()];
      left = (request) => a(request) || b(request);
    }
    return left;
  }

  private both(): Matcher {
    let left = this.one();
    while (this.tokens[this.at] === "&&") {
      this.at++;
      const [a, b] = [left, this.one()];
      left = (request) => a(request) && b(request);
    }
    return left;
  }

  private one(): Matcher {
    const token = this.tokens[this.at++];
    if (token === "!") {
      const inner = this.one();
      return (request) => !inner(request);
    }
    if (token === "(") {
      const inner = this.either();
      this.expect(")");
      return inner;
    }
    const make = token !== undefined && Object.hasOwn(matchers, token) ? matchers[token] : undefined;
    if (!make) throw this.fault(`unsupported function: ${token ?? ""}`);
    this.expect("(");
    const values: string[] = [];
    while (this.tokens[this.at] !== ")") {
      const value = this.tokens[this.at++];
      if (value === undefined || !/^[`"]/.test(value)) throw this.fault(`unexpected ${value ?? "end of rule"}`);
      values.push(value.slice(1, -1));
      if (this.tokens[this.at] === ",") this.at++;
    }
    this.expect(")");
    if (values.length === 0) throw this.fault(`unexpected number of parameters; got 0`);
    return make(...values);
  }

  private expect(token: string): void {
    if (this.tokens[this.at++] !== token) throw this.fault(`expected ${token}`);
  }

  private fault(why: string): FormatError {
    return new FormatError(`error while parsing rule ${this.rule}: ${why}`);
  }
}
