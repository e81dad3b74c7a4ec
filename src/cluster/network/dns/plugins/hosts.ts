import { parseIp } from "../../../../base/cidr.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { parseGoDuration } from "../../../../base/go-duration.ts";
import type { DnsRecord } from "../../../../machine/define-network.ts";
import { type DnsRequest, failure, type Plugin, type SetupContext } from "../define.ts";
import { absolute, addressOf, zoneOf, zonesOf } from "../names.ts";
import { emptyReply } from "../reply.ts";
import { fallsThrough, fallZones, ONCE, settingFault } from "./define.ts";

interface Settings {
  path: string;
  zones: readonly string[];
  inline: string[];
  fall: readonly string[] | undefined;
  ttl: number;
  reverse: boolean;
}

interface Entry {
  readonly address: string;
  readonly names: readonly string[];
}

/** The lines of a hosts file; those without a proper address do not count. */
function entriesOf(text: string): Entry[] {
  return text.split("\n").flatMap((line) => {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    return parseIp(address) ? [{ address, names: names.map((name) => absolute(name.toLowerCase())) }] : [];
  });
}

function settingsOf({ words, zones, host }: SetupContext): Settings {
  const [path, ...named] = words.remainingArgs();
  const settings: Settings = {
    path: path ?? "/etc/hosts",
    zones: named.length > 0 ? named.flatMap(zonesOf) : zones,
    inline: [],
    fall: undefined,
    ttl: 3600,
    reverse: true,
  };
  if (path !== undefined && host.read(path) === undefined)
    host.say(`[WARNING] plugin/hosts: File does not exist: ${path}`);
  while (words.nextBlock()) {
    const name = words.value;
    const args = words.remainingArgs();
    if (name === "fallthrough") settings.fall = fallZones(args);
    else if (name === "no_reverse") settings.reverse = false;
    else if (name === "ttl") {
      if (args.length === 0 || !/^[+-]?\d+$/.test(args[0] ?? "")) throw words.fault("ttl needs a number of second");
      const ttl = Number(args[0]);
      if (ttl <= 0 || ttl > 65535) throw words.fault("ttl provided is invalid");
      settings.ttl = ttl;
    } else if (name === "reload") {
      if (args.length !== 1) throw words.fault("reload needs a duration (zero seconds to disable)");
      if (!isDuration(args[0] ?? "")) throw words.fault(`invalid duration for reload '${args[0]}'`);
    } else if (zones.length > 0 || named.length > 0) settings.inline.push([name, ...args].join(" "));
  }
  return settings;
}

function isDuration(text: string): boolean {
  try {
    return parseGoDuration(text) >= 0;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** hosts: names of a file like /etc/hosts, and of its own lines. */
export const hosts: Plugin = {
  name: "hosts",
  setup(context) {
    const { words, host } = context;
    words.next();
    const settings = settingsOf(context);
    if (words.next()) throw settingFault(ONCE);
    const inline = entriesOf(settings.inline.join("\n"));
    // The file is looked at every five seconds (reload); here, whenever somebody asks.
    const entries = () => [...inline, ...entriesOf(host.read(settings.path) ?? "")];
    return {
      plugin: "hosts",
      serve(request, next) {
        const { type } = request.question;
        if (zoneOf(settings.zones, request.name) === undefined && type !== "PTR") return next(request);
        const answers = answersOf(request, entries(), settings);
        if (type === "PTR" && answers.length === 0) return next(request);
        if (answers.length === 0) {
          const isKnown = entries().some(({ names }) => names.includes(request.name));
          if (!isKnown && fallsThrough(settings.fall, request.name)) return next(request);
          // It has no SOA for a proper denial.
          if (!isKnown) return failure("SERVFAIL");
        }
        const records = answers.map((data): DnsRecord => ({ name: request.name, type, ttl: settings.ttl, data }));
        return { reply: emptyReply("NOERROR", { authoritative: true, answers: records }) };
      },
    };
  },
};

function answersOf({ question, name }: DnsRequest, entries: readonly Entry[], { reverse }: Settings): string[] {
  if (question.type === "PTR") {
    const address = reverse ? addressOf(name) : undefined;
    return entries.filter((entry) => entry.address === address).flatMap(({ names }) => names);
  }
  if (question.type !== "A" && question.type !== "AAAA") return [];
  const version = question.type === "A" ? 4 : 6;
  return entries
    .filter(({ address, names }) => names.includes(name) && parseIp(address)?.version === version)
    .map(({ address }) => address);
}
