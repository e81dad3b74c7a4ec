import { FormatError } from "../../../../../base/format-error.ts";
import { type GuestRegex, guestRegex } from "../../../../../base/regex.ts";
import type { DnsRecord } from "../../../../../machine/define-network.ts";
import type { DnsRequest } from "../../define.ts";
import { absolute } from "../../names.ts";
import { settingFault } from "../define.ts";
import type { RewriteRule } from "./define.ts";

const matches = new Set(["exact", "prefix", "suffix", "substring", "regex"]);

type Change = (name: string) => string | undefined;

interface AnswerRules {
  /** Names that the rule has put into the answer are turned back by itself. */
  readonly auto: boolean;
  readonly names: readonly (readonly [GuestRegex, string])[];
  readonly values: readonly (readonly [GuestRegex, string])[];
}

/** `name [MATCH] FROM TO [answer auto | (answer (name|value) FROM TO)…]`; of a ttl rule only whether it applies. */
export function nameRule(mode: RewriteRule["mode"], args: readonly string[], field: "name" | "ttl"): RewriteRule {
  if (args.length < 2) throw settingFault(`too few arguments for a ${field} rule`);
  const isPlain = args.length === 2 || (!matches.has(args[0] ?? "") && args[2] === "answer");
  const match = isPlain ? "exact" : (args[0]?.toLowerCase() ?? "");
  const [from = "", to = "", ...more] = isPlain ? args : args.slice(1);
  if (!matches.has(match))
    throw settingFault(
      `${field} rule supports only exact, prefix, suffix, substring, and regex name matching, received: ${match}`,
    );
  const answers = answerRules(more, match);
  const change = changeOf(match, from, to);
  const back = backOf(match, from, to);
  return {
    mode,
    apply(request) {
      const name = change(request.name);
      if (name === undefined) return undefined;
      const asked = { ...request, name: name.toLowerCase(), question: { ...request.question, name } };
      const auto = match === "exact" || answers.auto;
      return { request: asked, record: (record) => inAnswer(record, request, name, auto ? back : undefined, answers) };
    },
  };
}

function inAnswer(
  record: DnsRecord,
  { question }: DnsRequest,
  rewritten: string,
  back: Change | undefined,
  { names, values }: AnswerRules,
): DnsRecord {
  const own = record.name.toLowerCase();
  const byRule = replaced(own, names);
  const name =
    byRule ?? (back ? (own === rewritten.toLowerCase() ? question.name : back(own)) : undefined) ?? record.name;
  const target = /^(.* )?(\S+\.)$/.exec(record.data);
  const isName = ["CNAME", "MX", "NS", "PTR", "SRV"].includes(record.type);
  const value = isName && target ? (replaced(target[2] ?? "", values) ?? target[2]) : undefined;
  return { ...record, name, data: value === undefined ? record.data : `${target?.[1] ?? ""}${value}` };
}

function replaced(name: string, rules: AnswerRules["names"]): string | undefined {
  for (const [pattern, to] of rules) {
    const match = pattern.find(name);
    if (match) return filled(to, match.groups);
  }
  return undefined;
}

/** {1} stands for the first group. */
function filled(text: string, groups: readonly (string | undefined)[]): string {
  return absolute(text.replace(/\{(\d+)\}/g, (_, number: string) => groups[Number(number)] ?? "").toLowerCase());
}

function changeOf(match: string, from: string, to: string): Change {
  switch (match) {
    case "prefix": {
      // Both are taken for names, with a dot at their end.
      const [head, other] = [absolute(from.toLowerCase()), absolute(to.toLowerCase())];
      return (name) => (name.startsWith(head) ? other + name.slice(head.length) : undefined);
    }
    case "suffix": {
      const [tail, other] = [absolute(from.toLowerCase()), absolute(to.toLowerCase())];
      return (name) => (name.endsWith(tail) ? name.slice(0, -tail.length) + other : undefined);
    }
    case "substring": {
      const [part, other] = [absolute(from.toLowerCase()), absolute(to.toLowerCase())];
      return (name) => (name.includes(part) ? name.replaceAll(part, other) : undefined);
    }
    case "regex": {
      const pattern = patternOf(from);
      return (name) => {
        const found = pattern.find(name);
        return found && filled(to, found.groups);
      };
    }
    default:
      return (name) => (name === absolute(from.toLowerCase()) ? absolute(to.toLowerCase()) : undefined);
  }
}

/** How `answer auto` turns names back. */
function backOf(match: string, from: string, to: string): Change {
  if (match === "prefix" || match === "suffix" || match === "substring") return changeOf(match, to, from);
  if (match === "exact") return changeOf(match, to, from);
  return () => undefined;
}

function patternOf(text: string): GuestRegex {
  try {
    return guestRegex(text);
  } catch (error) {
    if (error instanceof FormatError) throw settingFault(`invalid regex matching pattern: ${text}`);
    throw error;
  }
}

function answerRules(words: readonly string[], match: string): AnswerRules {
  const names: [GuestRegex, string][] = [];
  const values: [GuestRegex, string][] = [];
  let auto = false;
  for (let at = 0; at < words.length; ) {
    const [word, kind = "", from = "", to = ""] = words.slice(at, at + 4);
    if (word !== "answer") throw settingFault(`exceeded the number of arguments for a ${match} rule`);
    if (kind === "auto") {
      auto = true;
      at += 2;
      continue;
    }
    if (kind !== "name" && kind !== "value")
      throw settingFault(`invalid type "${kind}" for answer rule for ${match} rule`);
    if (to === "") throw settingFault(`invalid arguments for ${match} rule`);
    (kind === "name" ? names : values).push([patternOf(from), to]);
    at += 4;
  }
  return { auto, names, values };
}
