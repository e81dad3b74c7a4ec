import { cidrContains, parseIp, rangeIn } from "../../../base/cidr.ts";
import { portNamed } from "../services.ts";
import type { Packet } from "./packet.ts";

/** An expression that cannot be read: libpcap's words. */
export class ExpressionFault extends Error {}

type Test = (packet: Packet) => boolean;

/** Reads an expression of tcpdump (pcap-filter(7)): protocols, hosts, nets and ports with and, or, not. */
export function packetFilter(words: readonly string[], addressOf: (name: string) => string | undefined): Test {
  const tokens = words
    .join(" ")
    .replace(/(\(|\)|&&|\|\||!)/g, " $1 ")
    .trim()
    .split(/\s+/)
    .filter((token) => token !== "");
  if (tokens.length === 0) return () => true;
  return new ExpressionReader(tokens, addressOf).all();
}

const protocols = new Set(["tcp", "udp", "icmp", "sctp"]);
const others = new Set(["arp", "rarp", "icmp6", "igmp", "stp", "vlan"]);

class ExpressionReader {
  private readonly tokens: readonly string[];
  private readonly addressOf: (name: string) => string | undefined;
  private at = 0;

  constructor(tokens: readonly string[], addressOf: (name: string) => string | undefined) {
    this.tokens = tokens;
    this.addressOf = addressOf;
  }

  all(): Test {
    const test = this.either();
    if (this.at < this.tokens.length) throw wrong();
    return test;
  }

  private either(): Test {
    let left = this.both();
    while (this.tokens[this.at] === "or" || this.tokens[this.at] === "||") {
      this.at++;
      const [first, second] = [left, this.both()];
      left = (packet) => first(packet) || second(packet);
    }
    return left;
  }

  private both(): Test {
    let left = this.one();
    while (this.tokens[this.at] === "and" || this.tokens[this.at] === "&&") {
      this.at++;
      const [first, second] = [left, this.one()];
      left = (packet) => first(packet) && second(packet);
    }
    return left;
  }

  private one(): Test {
    const token = this.tokens[this.at++];
    if (token === undefined) throw wrong();
    if (token === "not" || token === "!") {
      const inner = this.one();
      return (packet) => !inner(packet);
    }
    if (token === "(") {
      const inner = this.either();
      if (this.tokens[this.at++] !== ")") throw wrong();
      return inner;
    }
    if (others.has(token)) return () => false;
    if (token === "ip") return this.more(({ source }) => !source.includes(":"));
    if (token === "ip6") return this.more(({ source }) => source.includes(":"));
    if (protocols.has(token)) return this.more(({ protocol }) => protocol === token);
    this.at--;
    return this.primitive();
  }

  /** "tcp port 80" is one piece. */
  private more(test: Test): Test {
    const next = this.tokens[this.at] ?? "";
    if (!/^(src|dst|host|port|portrange|net)$/.test(next)) return test;
    const rest = this.primitive();
    return (packet) => test(packet) && rest(packet);
  }

  private primitive(): Test {
    let side: "src" | "dst" | undefined;
    let token = this.tokens[this.at++] ?? "";
    if (token === "src" || token === "dst") {
      side = token;
      token = this.tokens[this.at++] ?? "";
    }
    if (token === "port" || token === "portrange") return this.port(side, token === "portrange");
    const isKeyword = token === "host" || token === "net";
    if (!isKeyword && side === undefined) throw wrong();
    const word = isKeyword ? (this.tokens[this.at++] ?? "") : token;
    const isIn = rangeOf(word, this.addressOf);
    return sided<string>(side, isIn, ({ source, target }) => [source, target]);
  }

  private port(side: "src" | "dst" | undefined, isRange: boolean): Test {
    const word = this.tokens[this.at++] ?? "";
    const number = (text: string): number => {
      const port = /^\d+$/.test(text) ? Number(text) : portNamed(text);
      if (port === undefined) throw new ExpressionFault(`unknown port '${text}'`);
      return port;
    };
    const [first = "", last = first] = isRange ? word.split("-") : [word];
    const [from, to] = [number(first), number(last)];
    const test = sided<number>(
      side,
      (port) => port >= from && port <= to,
      (packet) => [packet.sourcePort, packet.targetPort],
    );
    return (packet) => packet.protocol !== "icmp" && test(packet);
  }
}

function sided<T>(
  side: "src" | "dst" | undefined,
  fits: (one: T) => boolean,
  ends: (packet: Packet) => readonly [T, T],
): Test {
  return (packet) => {
    const [source, target] = ends(packet);
    return (side !== "dst" && fits(source)) || (side !== "src" && fits(target));
  };
}

function rangeOf(word: string, addressOf: (name: string) => string | undefined): (address: string) => boolean {
  const text = word.includes("/") || parseIp(word) ? word : addressOf(word);
  if (text === undefined) throw new ExpressionFault(`unknown host '${word}'`);
  const range = rangeIn(text);
  if (!range) throw wrong();
  return (address) => {
    const ip = parseIp(address);
    return ip !== undefined && cidrContains(range, ip);
  };
}

function wrong(): ExpressionFault {
  return new ExpressionFault("can't parse filter expression: syntax error");
}
