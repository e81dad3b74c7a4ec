import type { DnsRecord, DnsType } from "../../../../../machine/define-network.ts";
import { failure, type Outcome, type Plugin, type SetupContext } from "../../define.ts";
import { isName } from "../../names.ts";
import { mapRecords } from "../../reply.ts";
import { settingFault } from "../define.ts";
import type { RewriteRule, Rewritten } from "./define.ts";
import { nameRule } from "./name-rule.ts";

const types = new Set<string>(["A", "AAAA", "ANY", "CNAME", "HINFO", "MX", "NS", "PTR", "SOA", "SRV", "TXT"]);
const others = new Set("CAA DNSKEY DS HTTPS NAPTR NSEC RRSIG SSHFP SVCB TLSA".split(" "));

function typeRule(mode: RewriteRule["mode"], [from = "", to = ""]: readonly string[]): RewriteRule {
  for (const type of [from, to])
    if (!types.has(type.toUpperCase()) && !others.has(type.toUpperCase())) throw settingFault(`invalid type "${type}"`);
  return {
    mode,
    apply(request) {
      if (request.question.type !== from.toUpperCase()) return undefined;
      return { request: { ...request, question: { ...request.question, type: to.toUpperCase() as DnsType } } };
    },
  };
}

function classRule(mode: RewriteRule["mode"], [from = "", to = ""]: readonly string[]): RewriteRule {
  for (const one of [from, to])
    if (!/^(IN|CH|HS|CS|NONE|ANY)$/i.test(one)) throw settingFault(`invalid class "${one}"`);
  return {
    mode,
    apply(request) {
      if ((request.question.class ?? "IN") !== from.toUpperCase()) return undefined;
      const question = { ...request.question, class: to.toUpperCase() === "CH" ? ("CH" as const) : undefined };
      return { request: { ...request, question } };
    },
  };
}

function ttlRule(mode: RewriteRule["mode"], args: readonly string[]): RewriteRule {
  const span = args.at(-1) ?? "";
  const [, low, high] = /^(\d*)(?:-(\d*))?$/.exec(span) ?? [];
  if (args.length < 2) throw settingFault("too few arguments for a ttl rule");
  if (low === undefined || span === "" || span === "-") throw settingFault(`invalid TTL '${span}' for a ttl rule`);
  const least = low === "" ? 0 : Number(low);
  const most = high === undefined ? least : high === "" ? 2147483647 : Number(high);
  const names = nameRule(mode, [...args.slice(0, -1), "."], "ttl");
  return {
    mode,
    apply(request) {
      if (!names.apply(request)) return undefined;
      return { request, record: (record) => ({ ...record, ttl: Math.min(most, Math.max(least, record.ttl)) }) };
    },
  };
}

/** What a Corefile may rewrite and what is not rewritten here: the rule is read and said to have no effect. */
const unseen = new Set(["edns0", "rcode", "cname"]);

function ruleOf(context: SetupContext, args: readonly string[]): RewriteRule | undefined {
  const given = args[0] === "stop" || args[0] === "continue";
  const mode = args[0] === "continue" ? "continue" : "stop";
  const [field, ...rest] = given ? args.slice(1) : args;
  if (field === undefined) throw settingFault("no rule type specified for rewrite");
  if (field === "answer") throw settingFault("response rewrites must begin with a name rule");
  if (field === "name") return nameRule(mode, rest, "name");
  if (field === "ttl") return ttlRule(mode, rest);
  if (field === "type" || field === "class") {
    if (rest.length !== 2) throw settingFault(`${field} rules must have exactly two arguments`);
    return field === "type" ? typeRule(mode, rest) : classRule(mode, rest);
  }
  if (!unseen.has(field)) throw settingFault(`invalid rule type "${field}"`);
  context.host.say(`[WARNING] plugin/rewrite: rules for ${field} are not simulated here, they have no effect`);
  return undefined;
}

/** rewrite: answers as if something else had been asked. */
export const rewrite: Plugin = {
  name: "rewrite",
  setup(context) {
    const { words } = context;
    const rules: RewriteRule[] = [];
    while (words.next()) {
      const args = words.remainingArgs();
      while (words.nextBlock()) args.push(words.value, ...words.remainingArgs());
      const rule = ruleOf(context, args);
      if (rule) rules.push(rule);
    }
    return {
      plugin: "rewrite",
      serve(request, next) {
        let now = request;
        const records: NonNullable<Rewritten["record"]>[] = [];
        for (const rule of rules) {
          const done = rule.apply(now);
          if (!done) continue;
          now = done.request;
          if (done.record) records.unshift(done.record);
          if (!isName(now.name)) return failure("SERVFAIL", `invalid name after rewrite: ${now.name}`);
          if (rule.mode === "stop") break;
        }
        return restored(next(now), records);
      },
    };
  },
};

function restored(outcome: Outcome, records: readonly NonNullable<Rewritten["record"]>[]): Outcome {
  if (!outcome.reply || records.length === 0) return outcome;
  const change = (record: DnsRecord) => records.reduce((last, one) => one(last), record);
  return { ...outcome, reply: mapRecords(outcome.reply, change) };
}
