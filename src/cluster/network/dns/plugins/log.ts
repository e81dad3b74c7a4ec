import type { DnsReply } from "../../../../machine/define-network.ts";
import type { DnsHost, DnsRequest, Outcome, Plugin } from "../define.ts";
import { isWithin, zonesOf } from "../names.ts";
import { questionSize, replySize } from "../wire-size.ts";
import { settingFault } from "./define.ts";

type Class = "success" | "denial" | "error" | "all";
const classes = new Set<string>(["success", "denial", "error", "all"]);

const COMMON =
  '{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}';
/** {combined} adds the size of the client's buffer and the duration again (plugin/log, 1.13). */
const formats: Readonly<Record<string, string>> = { "{common}": COMMON, "{combined}": `${COMMON} {>opcode}` };

interface Rule {
  readonly zones: readonly string[];
  readonly format: string;
  readonly classes: readonly Class[];
}

function rulesOf({ words, zones }: Parameters<Plugin["setup"]>[0]): Rule[] {
  const rules: Rule[] = [];
  while (words.next()) {
    const args = words.remainingArgs();
    const last = args.at(-1) ?? "";
    const isFormat = last.includes("{");
    const named = isFormat ? args.slice(0, -1) : args;
    const format = isFormat
      ? Object.entries(formats).reduce((text, [key, value]) => text.replace(key, value), last)
      : COMMON;
    const wanted: Class[] = [];
    while (words.nextBlock()) {
      if (words.value !== "class") throw words.argumentFault();
      const given = words.remainingArgs();
      if (given.length === 0) throw words.argumentFault();
      for (const one of given) {
        if (!classes.has(one)) throw settingFault(`invalid Class: ${one}`);
        wanted.push(one as Class);
      }
    }
    const own = named.length > 0 ? named.flatMap(zonesOf) : zones;
    rules.push({ zones: own, format, classes: wanted.length > 0 ? wanted : ["all"] });
  }
  return rules;
}

/** What kind of reply it is (plugin/pkg/response). */
function classOf({ rcode, answers, authority }: DnsReply): Class {
  const hasSoa = authority.some(({ type }) => type === "SOA");
  if (rcode === "NOERROR") return answers.length === 0 && hasSoa ? "denial" : "success";
  if (rcode === "NXDOMAIN" && hasSoa) return "denial";
  return "error";
}

/** log: a line for every question. */
export const log: Plugin = {
  name: "log",
  setup(context) {
    const { host } = context;
    const rules = rulesOf(context);
    return {
      plugin: "log",
      serve(request, next) {
        const rule = rules.find(({ zones }) => zones.some((zone) => isWithin(request.name, zone)));
        const outcome = next(request);
        const { reply } = outcome;
        if (!rule || !reply) return outcome;
        const kind = classOf(reply);
        if (rule.classes.includes("all") || rule.classes.includes(kind))
          host.say(`[INFO] ${line(rule.format, request, outcome, host)}`, reply.after);
        return outcome;
      },
    };
  },
};

function line(
  format: string,
  { question, port, id, name }: DnsRequest,
  { reply, bare }: Outcome,
  host: DnsHost,
): string {
  if (!reply) return "";
  const flags = [
    "qr",
    ...(reply.authoritative ? ["aa"] : []),
    ...(reply.truncated ? ["tc"] : []),
    "rd",
    ...(reply.recursive ? ["ra"] : []),
  ];
  const took = (reply.after ?? 0) + 0.00005 + host.random.fraction() * 0.0002;
  const values: Readonly<Record<string, string>> = {
    "{remote}": question.from,
    "{port}": String(port),
    "{>id}": String(id),
    "{type}": question.type,
    "{class}": question.class ?? "IN",
    "{name}": name,
    "{proto}": question.protocol === "TCP" ? "tcp" : "udp",
    "{size}": String(questionSize(question)),
    "{>do}": "false",
    "{>bufsize}": String(question.edns?.size ?? (question.protocol === "TCP" ? 65535 : 512)),
    "{rcode}": bare ? "-" : reply.rcode,
    "{>rflags}": bare ? "-" : flags.join(","),
    "{rsize}": bare ? "0" : String(replySize(question, reply)),
    "{duration}": `${Number(took.toFixed(9))}s`,
    "{>opcode}": "0",
    "{local}": host.addresses[0] ?? "",
    "{server}": "",
    "{common}": "",
  };
  return format.replace(/\{[^{}]*\}/g, (key) => values[key] ?? "-");
}
