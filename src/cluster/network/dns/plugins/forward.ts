import { parseIp } from "../../../../base/cidr.ts";
import { SECOND } from "../../../../base/clock.ts";
import { goQuote } from "../../../../base/go-text.ts";
import type { DnsReply } from "../../../../machine/define-network.ts";
import { readResolvConf } from "../../resolver.ts";
import {
  type DnsHost,
  type DnsRequest,
  failure,
  type Handler,
  type Outcome,
  type Plugin,
  type SetupContext,
} from "../define.ts";
import { isName, isWithin, zonesOf } from "../names.ts";
import { duration, settingFault, wholeNumber } from "./define.ts";

/** How long an upstream may take, and a question in all (plugin/forward and pkg/proxy, CoreDNS 1.13). */
const READ_TIMEOUT = 2;
const DEADLINE = 5;
/** An upstream counts as down when its third health check has failed: silent ones are waited for. */
const DOWN_AFTER_SILENCE = 4 * SECOND;
const DOWN_AFTER_REFUSAL = 1 * SECOND;
/** What trying again costs where each attempt is refused at once. */
const SPIN = 0.25;
/** A question that comes back so often, while it is still waited for, goes round in a circle. */
const MOST_ROUNDS = 3;
const MOST_UPSTREAMS = 15;

interface Upstream {
  readonly address: string;
  readonly port: number;
  /** When it failed first; undefined while it answers. */
  failed: { readonly at: number; readonly refused: boolean } | undefined;
}

interface Settings {
  from: string;
  upstreams: Upstream[];
  except: string[];
  maxFails: number;
  policy: "random" | "round_robin" | "sequential";
  tcp: boolean;
}

/** Addresses and ports of a TO: an address, or a file like resolv.conf. */
function upstreamsOf(word: string, host: DnsHost): Upstream[] {
  const scheme = /^([a-z]+):\/\//.exec(word)?.[1] ?? "dns";
  const rest = word.replace(/^[a-z]+:\/\//, "");
  const [, bracketed, v6port] = /^\[([^\]]+)\](?::(\d+))?$/.exec(rest) ?? [];
  const [, v4, v4port] = /^([^:]+):(\d+)$/.exec(rest) ?? [];
  const address = bracketed ?? v4 ?? rest;
  const standard = { dns: 53, tls: 853, https: 443, grpc: 443 }[scheme] ?? 53;
  const port = Number(v6port ?? v4port ?? standard);
  if (parseIp(address.replace(/%.*$/, ""))) {
    if (scheme !== "dns" && scheme !== "tls")
      throw settingFault(
        `'${scheme}' is not supported as a destination protocol in forward: ${scheme}://${address}:${port}`,
      );
    return [{ address, port, failed: undefined }];
  }
  const text = host.read(rest);
  if (text === undefined) throw settingFault(`not an IP address or file: ${goQuote(rest)}`);
  return readResolvConf(text).nameservers.map((one) => ({ address: one, port: 53, failed: undefined }));
}

function settingsOf(context: SetupContext): Settings {
  const { words, host } = context;
  if (!words.nextArg()) throw words.argumentFault();
  if (words.value === "{") throw words.argumentFault();
  const [from] = zonesOf(words.value);
  if (from === undefined || !isName(from)) throw settingFault(`unable to normalize '${words.value}'`);
  const to = words.remainingArgs();
  if (to.length === 0) throw words.argumentFault();
  const upstreams = to.flatMap((word) => upstreamsOf(word, host));
  if (upstreams.length === 0) throw settingFault("no nameservers found");
  const settings: Settings = { from, upstreams, except: [], maxFails: 2, policy: "random", tcp: false };
  while (words.nextBlock()) readLine(context, settings);
  if (upstreams.length > MOST_UPSTREAMS)
    throw settingFault(`more than ${MOST_UPSTREAMS} TOs configured: ${upstreams.length}`);
  return settings;
}

function readLine({ words }: SetupContext, settings: Settings): void {
  const name = words.value;
  const one = () => {
    if (!words.nextArg()) throw words.argumentFault();
    return words.value;
  };
  const none = () => {
    if (words.nextArg()) throw words.argumentFault();
  };
  const notNegative = (what: string, value: number) => {
    if (value < 0) throw settingFault(`${what} can't be negative: ${value}`);
  };
  switch (name) {
    case "except": {
      const zones = words.remainingArgs();
      if (zones.length === 0) throw words.argumentFault();
      settings.except.push(...zones.flatMap(zonesOf));
      return;
    }
    case "max_fails":
      settings.maxFails = wholeNumber(one(), "ParseUint");
      return;
    case "health_check":
      notNegative("health_check", duration(one()));
      healthOptions(words.remainingArgs());
      return;
    case "force_tcp":
    case "prefer_udp":
      none();
      if (name === "force_tcp") settings.tcp = true;
      return;
    case "tls":
      words.remainingArgs();
      return;
    case "tls_servername":
      one();
      return;
    case "expire":
      notNegative("expire", duration(one()));
      return;
    case "policy": {
      const policy = one();
      if (policy !== "random" && policy !== "round_robin" && policy !== "sequential")
        throw words.fault(`unknown policy '${policy}'`);
      settings.policy = policy;
      return;
    }
    case "max_concurrent":
      notNegative("max_concurrent", wholeNumber(one()));
      return;
    case "next":
    case "failover":
    case "failfast_all_unhealthy_upstreams":
      words.remainingArgs();
      return;
    default:
      throw words.fault(`unknown property '${name}'`);
  }
}

function healthOptions(args: string[]): void {
  while (args.length > 0) {
    const option = args.shift();
    if (option === "no_rec") continue;
    if (option !== "domain") throw settingFault(`health_check: unknown option ${option}`);
    args.shift();
  }
}

/** forward: passes questions on to other servers. */
export const forward: Plugin = {
  name: "forward",
  setup(context) {
    const handlers: Handler[] = [];
    while (context.words.next()) handlers.push(new Forwarder(settingsOf(context), context.host));
    return handlers;
  },
};

class Forwarder implements Handler {
  readonly plugin = "forward";
  private readonly settings: Settings;
  private readonly host: DnsHost;
  private turn = 0;
  /** Questions that are waited for, and how often each. */
  private readonly waiting = new Map<string, number>();

  constructor(settings: Settings, host: DnsHost) {
    this.settings = settings;
    this.host = host;
  }

  serve(request: DnsRequest, next: (request: DnsRequest) => Outcome): Outcome {
    const { from, except } = this.settings;
    const excluded = request.name !== from && except.some((zone) => isWithin(request.name, zone));
    if (!isWithin(request.name, from) || excluded) return next(request);
    const key = `${request.question.type} ${request.name}`;
    const rounds = this.waiting.get(key) ?? 0;
    if (rounds >= MOST_ROUNDS) return { reply: undefined };
    this.waiting.set(key, rounds + 1);
    try {
      return this.passedOn(request);
    } finally {
      if (rounds === 0) this.waiting.delete(key);
      else this.waiting.set(key, rounds);
    }
  }

  private passedOn(request: DnsRequest): Outcome {
    const { upstreams, maxFails } = this.settings;
    const list = this.inOrder();
    let elapsed = 0;
    let fails = 0;
    let error = "no healthy proxies";
    for (let i = 0; elapsed < DEADLINE; i++) {
      if (i > 0 && i % list.length === 0) fails = 0;
      let upstream = list[i % list.length] as Upstream;
      if (maxFails > 0 && this.isDown(upstream, elapsed)) {
        fails++;
        if (fails < upstreams.length) continue;
        upstream = this.host.random.pick(upstreams);
      }
      const got = this.ask(upstream, request);
      elapsed += got.took;
      if ("reply" in got) {
        upstream.failed = undefined;
        return { reply: { ...got.reply, after: elapsed } };
      }
      error = got.error;
      upstream.failed ??= { at: this.host.clock.now + Math.round(elapsed * SECOND), refused: got.took === 0 };
      if (fails >= upstreams.length) break;
      if (got.took === 0) elapsed += SPIN;
    }
    return failure("SERVFAIL", error, elapsed);
  }

  private inOrder(): readonly Upstream[] {
    const { upstreams, policy } = this.settings;
    if (upstreams.length === 1 || policy === "sequential") return upstreams;
    const start = policy === "random" ? this.host.random.below(upstreams.length) : this.turn++ % upstreams.length;
    return [...upstreams.slice(start), ...upstreams.slice(0, start)];
  }

  /** Health checks find out whether one that failed answers again. */
  private isDown(upstream: Upstream, elapsed: number): boolean {
    if (!upstream.failed) return false;
    const dialled = this.host.dial(upstream.address, upstream.port, "UDP");
    if ("listener" in dialled && dialled.listener.dns) {
      upstream.failed = undefined;
      return false;
    }
    const since = this.host.clock.now + Math.round(elapsed * SECOND) - upstream.failed.at;
    return since >= (upstream.failed.refused ? DOWN_AFTER_REFUSAL : DOWN_AFTER_SILENCE);
  }

  private ask(
    { address, port }: Upstream,
    { question }: DnsRequest,
  ): { readonly took: number } & ({ readonly reply: DnsReply } | { readonly error: string }) {
    const protocol = this.settings.tcp || question.protocol === "TCP" ? "TCP" : "UDP";
    const dialled = this.host.dial(address, port, protocol);
    const shown = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
    const own = `${this.host.addresses[0] ?? "127.0.0.1"}:${32768 + this.host.random.below(28232)}`;
    const way = protocol === "UDP" ? `read udp ${own}->${shown}: ` : `dial tcp ${shown}: `;
    const silent = { took: READ_TIMEOUT, error: `${way}i/o timeout` };
    if ("failed" in dialled) {
      const call = protocol === "UDP" ? "read" : "connect";
      if (dialled.failed === "refused") return { took: 0, error: `${way}${call}: connection refused` };
      if (dialled.failed === "unreachable") return { took: READ_TIMEOUT, error: `${way}${call}: no route to host` };
      return silent;
    }
    const tcp = protocol === "TCP" ? ({ protocol } as const) : {};
    const reply = dialled.listener.dns?.({ ...question, ...tcp, from: dialled.source });
    if (!reply || (reply.after ?? 0) >= READ_TIMEOUT) return silent;
    return { took: reply.after ?? 0, reply };
  }
}
