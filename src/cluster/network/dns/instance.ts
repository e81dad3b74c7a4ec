import type { DnsQuestion, DnsReply, DnsType } from "../../../machine/define-network.ts";
import { directives } from "./corefile/directives.ts";
import { CorefileFault, Dispenser } from "./corefile/dispenser.ts";
import { type CorefileSource, parseCorefile, type ServerBlock } from "./corefile/parse-corefile.ts";
import { checkServers, type ServerZone, serverZones } from "./corefile/server-zones.ts";
import {
  type DnsHost,
  type DnsRequest,
  failure,
  type Handler,
  type Outcome,
  type Page,
  type Shared,
} from "./define.ts";
import { absolute, zoneOf } from "./names.ts";
import { plugins } from "./plugins/index.ts";
import { emptyReply } from "./reply.ts";
import { replySize } from "./wire-size.ts";

/** A port that an instance listens on, and what it answers there. */
export interface DnsServer {
  readonly transport: string;
  readonly port: number;
  readonly zones: readonly string[];
  answer(question: DnsQuestion): DnsReply | undefined;
}

/** A running configuration of CoreDNS: what one Corefile makes. */
export interface Instance {
  readonly servers: readonly DnsServer[];
  readonly pages: readonly Page[];
  readonly shared: Shared;
  readonly blocks: readonly ServerBlock[];
  /** What is done when the servers listen: the first word of an end, if one comes. */
  started(): string | undefined;
}

const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
/** Aliases of aliases are looked up so often, and no more (plugin/pkg/upstream). */
const DEEPEST = 10;

/** Reads a Corefile and sets its plugins up. Throws CorefileFault with what CoreDNS says. */
export function createInstance(
  path: string,
  text: string,
  source: CorefileSource,
  host: DnsHost,
  shared: Shared,
): Instance {
  const blocks = parseCorefile(path, text, source);
  const zones = serverZones(blocks);
  const pages: Page[] = [];
  const starts: (() => string | undefined)[] = [];
  const chains = new Map<ServerBlock, Handler[]>(blocks.map((block) => [block, []]));
  for (const name of directives)
    blocks.forEach((block, at) => {
      const tokens = block.tokens.get(name);
      if (!tokens) return;
      const own = zones[at] ?? [];
      const plugin = byName.get(name);
      if (!plugin) {
        host.say(`[WARNING] plugin/${name}: line ${tokens[0]?.line}: not simulated here, its answers are left out`);
        return;
      }
      const made = named(name, () =>
        plugin.setup({
          words: new Dispenser(path, tokens),
          zones: own.map(({ zone }) => zone),
          listens: `:${own[0]?.port ?? 53}`,
          host,
          onStart: (run) => starts.push(run),
          serves: (page) => pages.push(page),
          shared,
        }),
      );
      for (const handler of made === undefined ? [] : "plugin" in made ? [made] : made) {
        chains.get(block)?.push(handler);
      }
    });
  checkServers(zones.flat());
  const servers = serversOf(blocks, zones, (block) => chains.get(block) ?? [], host);
  return { servers, pages, shared, blocks, started: () => firstOf(starts) };
}

function firstOf(starts: readonly (() => string | undefined)[]): string | undefined {
  for (const start of starts) {
    const end = start();
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Puts the plugin's name before what is wrong with its settings. */
function named<T>(name: string, setup: () => T): T {
  try {
    return setup();
  } catch (error) {
    if (error instanceof CorefileFault) throw new CorefileFault(`plugin/${name}: ${error.message}`);
    throw error;
  }
}

interface Site extends ServerZone {
  readonly chain: readonly Handler[];
}

function serversOf(
  blocks: readonly ServerBlock[],
  zones: readonly (readonly ServerZone[])[],
  chainOf: (block: ServerBlock) => readonly Handler[],
  host: DnsHost,
): DnsServer[] {
  const groups = new Map<string, Site[]>();
  blocks.forEach((block, at) => {
    for (const zone of zones[at] ?? []) {
      const key = `${zone.transport} ${zone.port}`;
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ ...zone, chain: chainOf(block) });
    }
  });
  return [...groups.values()].map((sites) => ({
    transport: sites[0]?.transport ?? "dns",
    port: sites[0]?.port ?? 53,
    zones: sites.map(({ zone }) => zone).sort(),
    answer: (question) => sent(question, serve(sites, question, host, 0)),
  }));
}

/** Servers answer questions of class CH only for plugins that are there for them. */
const speakChaos = new Set(["chaos", "forward"]);

function serve(sites: readonly Site[], question: DnsQuestion, host: DnsHost, depth: number): DnsReply | undefined {
  const name = absolute(question.name.toLowerCase());
  const zone = zoneOf(
    sites.map((site) => site.zone),
    name,
  );
  const site = sites.find((one) => one.zone === zone);
  if (!site || depth > DEEPEST) return emptyReply(site ? "SERVFAIL" : "REFUSED");
  if (question.class === "CH" && !site.chain.some(({ plugin }) => speakChaos.has(plugin))) return emptyReply("REFUSED");
  // What looking up aliases took.
  let spent = 0;
  const request: DnsRequest = {
    question,
    name,
    zone: site.zone,
    port: 32768 + host.random.below(28232),
    id: host.random.below(65536),
    lookUp(target: string, type: DnsType) {
      const asked = { ...question, name: absolute(target), type };
      const reply = serve(sites, asked, host, depth + 1) ?? emptyReply("SERVFAIL");
      spent += reply.after ?? 0;
      return reply;
    },
  };
  if (site.chain.length === 0) return emptyReply("REFUSED");
  const { reply } = step(site.chain, 0, request);
  return reply && spent > 0 ? { ...reply, after: (reply.after ?? 0) + spent } : reply;
}

function step(chain: readonly Handler[], at: number, request: DnsRequest): Outcome {
  const handler = chain[at];
  if (!handler) return failure("SERVFAIL", `plugin/${chain[at - 1]?.plugin}: no next plugin found`);
  return handler.serve(request, (next) => step(chain, at + 1, next));
}

/** What does not fit into the client's UDP packet is left out, and the client asks again over TCP. */
function sent(question: DnsQuestion, reply: DnsReply | undefined): DnsReply | undefined {
  if (!reply || question.protocol === "TCP") return reply;
  const room = Math.max(512, question.edns?.size ?? 512);
  if (replySize(question, reply) <= room) return reply;
  // With names compressed a record takes 16 bytes and what it holds.
  const fits = Math.floor((room - 64) / 16);
  const all = reply.answers.length + reply.authority.length + reply.additional.length;
  if (all <= fits) return reply;
  return { ...reply, answers: reply.answers.slice(0, fits), authority: [], additional: [], truncated: true };
}
