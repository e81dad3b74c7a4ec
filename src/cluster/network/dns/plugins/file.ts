import type { DnsRecord, DnsReply } from "../../../../machine/define-network.ts";
import { type DnsRequest, failure, type Plugin, type SetupContext } from "../define.ts";
import { isWithin, zoneOf, zonesOf } from "../names.ts";
import { emptyReply } from "../reply.ts";
import { readZone, ZoneFault } from "../zone-file.ts";
import { fallsThrough, fallZones, settingFault } from "./define.ts";

interface Zone {
  readonly path: string;
  readonly zones: readonly string[];
  readonly fall: readonly string[] | undefined;
}

function zoneFrom({ words, zones, shared, host }: SetupContext): Zone {
  if (!words.nextArg()) throw words.argumentFault();
  const path = words.value.startsWith("/") || shared.root === "" ? words.value : `${shared.root}/${words.value}`;
  const named = words.remainingArgs();
  let fall: readonly string[] | undefined;
  while (words.nextBlock()) {
    const setting = words.value;
    const args = words.remainingArgs();
    if (setting === "fallthrough") fall = fallZones(args);
    else if (setting !== "reload" && setting !== "upstream") throw words.fault(`unknown property '${setting}'`);
  }
  if (host.read(path) === undefined)
    host.say(`[WARNING] plugin/file: Failed to open "open ${path}: no such file or directory": trying again in 1m0s`);
  return { path, zones: named.length > 0 ? named.flatMap(zonesOf) : zones, fall };
}

/** file: the records of zone files. */
export const file: Plugin = {
  name: "file",
  setup(context) {
    const { words, host } = context;
    const zones: Zone[] = [];
    while (words.next()) zones.push(zoneFrom(context));
    for (const { path, zones: names } of zones) {
      const text = host.read(path);
      try {
        const records = text === undefined ? [] : readZone(text, names[0] ?? ".");
        if (text !== undefined && !records.some(({ type }) => type === "SOA"))
          throw new ZoneFault(`file "${path}" has no SOA record for origin ${names[0]}`);
      } catch (error) {
        if (error instanceof ZoneFault) throw settingFault(error.message);
        throw error;
      }
    }
    const all = zones.flatMap((zone) => zone.zones);
    return {
      plugin: "file",
      serve(request, next) {
        const origin = zoneOf(all, request.name);
        const zone = zones.find((one) => origin !== undefined && one.zones.includes(origin));
        if (origin === undefined || !zone) return next(request);
        const records = loaded(host.read(zone.path), origin);
        if (!records) return failure("SERVFAIL");
        const reply = zoneReply(records, origin, request);
        if (reply.rcode === "NXDOMAIN" && fallsThrough(zone.fall, request.name)) return next(request);
        return { reply };
      },
    };
  },
};

/** The zone as its file has it now: it is read again when its serial number changes. */
function loaded(text: string | undefined, origin: string): DnsRecord[] | undefined {
  try {
    const records = text === undefined ? [] : readZone(text, origin);
    return records.some(({ type }) => type === "SOA") ? records : undefined;
  } catch (error) {
    if (error instanceof ZoneFault) return undefined;
    throw error;
  }
}

function zoneReply(records: readonly DnsRecord[], origin: string, request: DnsRequest): DnsReply {
  const soa = records.filter(({ type, name }) => type === "SOA" && name === origin);
  const servers = records.filter(({ type, name }) => type === "NS" && name === origin);
  const answers: DnsRecord[] = [];
  const { question } = request;
  let name = request.name;
  let exists = false;
  for (let steps = 0; steps < 8; steps++) {
    const own = owned(records, name, origin);
    exists ||= own !== undefined;
    const shown = steps === 0 ? question.name : name;
    const fitting = (own ?? []).filter(({ type }) => type === question.type);
    answers.push(...fitting.map((record) => ({ ...record, name: shown })));
    const alias = (own ?? []).find(({ type }) => type === "CNAME");
    if (fitting.length > 0 || !alias || question.type === "CNAME") break;
    answers.push({ ...alias, name: shown });
    if (!isWithin(alias.data, origin)) {
      answers.push(...request.lookUp(alias.data, question.type).answers);
      break;
    }
    name = alias.data.toLowerCase();
  }
  if (answers.length > 0) {
    const authority = question.type === "NS" && name === origin ? [] : servers;
    return emptyReply("NOERROR", { authoritative: true, answers, authority, additional: targetsOf(answers, records) });
  }
  return emptyReply(exists ? "NOERROR" : "NXDOMAIN", { authoritative: true, authority: soa });
}

/** The addresses of what the records point to, as far as the zone has them. */
function targetsOf(answers: readonly DnsRecord[], records: readonly DnsRecord[]): DnsRecord[] {
  const targets = answers
    .filter(({ type }) => type === "MX" || type === "NS" || type === "SRV")
    .map(({ data }) => data.split(" ").at(-1));
  return records.filter(({ name, type }) => (type === "A" || type === "AAAA") && targets.includes(name));
}

/** The records of a name, or of the wildcard above it; none where it only has names below. Undefined where it is not there. */
function owned(records: readonly DnsRecord[], name: string, origin: string): readonly DnsRecord[] | undefined {
  const exact = records.filter((record) => record.name === name);
  if (exact.length > 0) return exact;
  if (records.some((record) => record.name.endsWith(`.${name}`))) return [];
  for (let above = parentOf(name); isWithin(above, origin); above = parentOf(above)) {
    const wild = records.filter((record) => record.name === `*.${above}`);
    if (wild.length > 0) return wild;
    if (above === origin || records.some((record) => record.name === above)) break;
  }
  return undefined;
}

function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1) || ".";
}
