import { FormatError } from "../../../../base/format-error.ts";
import { TemplateSet } from "../../../../base/go-template/execute-template.ts";
import { TemplateError } from "../../../../base/go-template/template-node.ts";
import { GoFunction, GoNumber, type GoValue } from "../../../../base/go-value.ts";
import { type GuestMatch, type GuestRegex, guestRegex } from "../../../../base/regex.ts";
import type { DnsCode, DnsRecord } from "../../../../machine/define-network.ts";
import { type DnsRequest, failure, type Outcome, type Plugin, type SetupContext } from "../define.ts";
import { zoneOf, zonesOf } from "../names.ts";
import { emptyReply } from "../reply.ts";
import { readRecord, ZoneFault } from "../zone-file.ts";
import { fallsThrough, fallZones } from "./define.ts";

const types = new Set("A AAAA ANY CAA CNAME DNSKEY DS HINFO HTTPS MX NAPTR NS PTR SOA SRV SVCB TLSA TXT".split(" "));
const classes = new Set(["ANY", "IN", "CH", "HS", "CS", "NONE"]);
const codes = new Set<string>(["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]);
const others = new Set(
  "YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE BADSIG BADKEY BADTIME BADMODE BADNAME BADALG".split(" "),
);

const inBase = new GoFunction(["string", "int", "int"], undefined, (text, base) => {
  const radix = base instanceof GoNumber ? Number(base.value) : Number(base);
  return Number.parseInt(String(text), radix);
});

type Section = "answers" | "additional" | "authority";
const sections: Readonly<Record<string, Section>> = {
  answer: "answers",
  additional: "additional",
  authority: "authority",
};

const lines = new Set(["match", "answer", "additional", "authority", "rcode", "ederror", "fallthrough", "upstream"]);

interface Rule {
  readonly class: string;
  readonly type: string;
  readonly zones: readonly string[];
  readonly patterns: readonly GuestRegex[];
  readonly rcode: DnsCode;
  readonly records: readonly { readonly section: Section; readonly text: string; readonly set: TemplateSet }[];
  readonly fall: readonly string[] | undefined;
}

function compiled(words: SetupContext["words"], name: string, text: string): TemplateSet {
  const set = new TemplateSet({ parseInt: inBase });
  try {
    set.add(name, text);
  } catch (error) {
    if (error instanceof TemplateError) throw words.fault(`could not compile template: ${text}, ${error.message}`);
    throw error;
  }
  return set;
}

function patternOf(words: SetupContext["words"], text: string): GuestRegex {
  try {
    return guestRegex(text);
  } catch (error) {
    if (error instanceof FormatError) throw words.fault(`could not parse regex: ${text}, ${error.message}`);
    throw error;
  }
}

function ruleOf({ words, zones }: SetupContext): Rule {
  const one = () => {
    if (!words.nextArg()) throw words.argumentFault();
    return words.value;
  };
  const kind = one();
  if (!classes.has(kind)) throw words.fault(`invalid query class ${kind}`);
  const type = one();
  if (!types.has(type)) throw words.fault(`invalid RR class ${type}`);
  const named = words.remainingArgs();
  const patterns: GuestRegex[] = [];
  const records: { section: Section; text: string; set: TemplateSet }[] = [];
  let rcode: DnsCode = "NOERROR";
  let fall: readonly string[] | undefined;
  while (words.nextBlock()) {
    const setting = words.value;
    if (!lines.has(setting)) throw words.argumentFault();
    const args = words.remainingArgs();
    const section = sections[setting];
    if (setting === "fallthrough") fall = fallZones(args);
    else if (args.length === 0) throw words.argumentFault();
    else if (setting === "match") patterns.push(...args.map((text) => patternOf(words, text)));
    else if (section) for (const text of args) records.push({ section, text, set: compiled(words, setting, text) });
    else if (setting === "rcode") {
      const [code = ""] = args;
      if (!codes.has(code) && !others.has(code)) throw words.fault(`unknown rcode ${code}`);
      rcode = codes.has(code) ? (code as DnsCode) : "SERVFAIL";
    }
  }
  return {
    class: kind,
    type,
    zones: named.length > 0 ? named.flatMap(zonesOf) : zones,
    patterns: patterns.length > 0 ? patterns : [guestRegex(".*")],
    rcode,
    records,
    fall,
  };
}

/** template: answers made of the question by Go templates. */
export const template: Plugin = {
  name: "template",
  setup(context) {
    const rules: Rule[] = [];
    while (context.words.next()) rules.push(ruleOf(context));
    return {
      plugin: "template",
      serve(request, next) {
        const { type, class: kind = "IN" } = request.question;
        for (const rule of rules) {
          const zone = zoneOf(rule.zones, request.name);
          const isMeant = (rule.type === "ANY" || rule.type === type) && (rule.class === "ANY" || rule.class === kind);
          if (zone === undefined || !isMeant) continue;
          const match = firstMatch(rule, request.name);
          if (match) return filled(rule, request, zone, match);
          if (!fallsThrough(rule.fall, request.name)) return failure("SERVFAIL");
        }
        return next(request);
      },
    };
  },
};

interface Matched extends GuestMatch {
  readonly pattern: string;
}

function firstMatch({ patterns }: Rule, name: string): Matched | undefined {
  for (const pattern of patterns) {
    const found = pattern.find(name);
    if (found) return { ...found, pattern: pattern.pattern };
  }
  return undefined;
}

function filled(rule: Rule, request: DnsRequest, zone: string, match: Matched): Outcome {
  const { question } = request;
  const named = [...match.pattern.matchAll(/\((?:\?P?<(\w+)>|(?!\?))/g)];
  const groups: Record<string, GoValue> = {};
  named.forEach(([, name], at) => {
    if (name) groups[name] = match.groups[at + 1] ?? "";
  });
  const shown = { Name: request.name, Qtype: question.type, Qclass: "IN" };
  const data: GoValue = {
    Zone: zone,
    Name: request.name,
    Class: question.class ?? "IN",
    Type: question.type,
    Match: match.groups.map((group) => group ?? ""),
    Group: groups,
    Question: shown,
    Remote: question.from,
  };
  const found: Record<Section, DnsRecord[]> = { answers: [], additional: [], authority: [] };
  for (const { section, set } of rule.records) {
    try {
      const name = Object.keys(sections).find((key) => sections[key] === section) ?? "";
      const record = readRecord(set.execute(name, data));
      if (!record) continue;
      found[section].push(record);
      if (record.type === "CNAME" && section === "answers" && question.type !== "CNAME")
        found.answers.push(...request.lookUp(record.data, question.type).answers);
    } catch (error) {
      if (error instanceof ZoneFault || error instanceof TemplateError) return failure("SERVFAIL", error.message);
      throw error;
    }
  }
  if (rule.rcode === "SERVFAIL") return failure("SERVFAIL");
  return { reply: emptyReply(rule.rcode, { authoritative: true, ...found }) };
}
