import { absolute } from "../../cluster/network/dns/names.ts";
import { replySize } from "../../cluster/network/dns/wire-size.ts";
import { type ResolvConf, readResolvConf } from "../../cluster/network/resolver.ts";
import type { Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { DnsQuestion, DnsReply, DnsType } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";

/** What an exchange with a name server takes, in seconds. */
const ANSWER_TIME = 0.0004;

/** The types that can be asked for here, and those that a name server may have and nobody here does. */
export const dnsTypes: ReadonlySet<string> = new Set(
  "A AAAA ANY CNAME HINFO MX NS PTR SOA SRV TXT".split(" ") satisfies string[],
);
export const otherTypes: ReadonlySet<string> = new Set(
  "AFSDB AXFR CAA CERT DNAME DNSKEY DS HTTPS IXFR LOC NAPTR NSEC NSEC3 RP RRSIG SPF SSHFP SVCB TLSA URI".split(" "),
);

/** What /etc/resolv.conf says to a process; without a server in it the own host is asked. */
export function resolvConf({ machine }: Process): ResolvConf {
  const { files } = machine;
  const conf = readResolvConf(files.find("/etc/resolv.conf", root) ? files.read("/etc/resolv.conf", root) : "");
  return conf.nameservers.length > 0 ? conf : { ...conf, nameservers: ["127.0.0.1"] };
}

/** The names that BIND's programs ask for in turn: with too few dots the search domains come first. */
export function namesInTurn(name: string, { search, ndots }: ResolvConf): readonly string[] {
  if (name.endsWith(".") || name.split(".").length - 1 >= ndots) return [absolute(name)];
  return [...search.map((domain) => (domain === "." ? `${name}.` : absolute(`${name}.${domain}`))), absolute(name)];
}

/** One question to one server. */
export interface Asking {
  readonly server: string;
  readonly port: number;
  readonly name: string;
  readonly type: DnsType;
  readonly class?: "CH" | undefined;
  /** Seconds that an answer is waited for. */
  readonly patience: number;
  readonly tcp?: boolean;
  readonly edns?: DnsQuestion["edns"];
}

/** A reply as it came, or why none came, in BIND's words. */
export type Heard =
  | {
      readonly reply: DnsReply;
      readonly size: number;
      readonly tcp: boolean;
      readonly msec: number;
      readonly retried: boolean;
    }
  | { readonly failed: "timed out" | "connection refused" | "host unreachable" };

/** Asks a server; over TCP again where the answer was too long. Takes the time that it takes. */
export function* ask(proc: Process, asking: Asking): Task<Heard> {
  const { machine } = proc;
  const { server, port, name, type, patience, edns } = asking;
  const protocol = asking.tcp ? "TCP" : "UDP";
  const dialled = machine.network.dial(machine, server, port, protocol);
  if ("failed" in dialled) {
    if (dialled.failed === "refused") return { failed: "connection refused" };
    yield* proc.sleep(dialled.failed === "unreachable" ? Math.min(3, patience) : patience);
    return { failed: dialled.failed === "unreachable" ? "host unreachable" : "timed out" };
  }
  const question: DnsQuestion = {
    name,
    type,
    from: dialled.source,
    ...(asking.class ? { class: asking.class } : {}),
    ...(asking.tcp ? { protocol: "TCP" } : {}),
    ...(edns ? { edns } : {}),
  };
  const reply = dialled.listener.dns?.(question);
  const after = reply?.after ?? 0;
  if (!reply || after >= patience) {
    yield* proc.sleep(patience);
    return { failed: "timed out" };
  }
  yield* proc.sleep(after + ANSWER_TIME);
  if (reply.truncated && !asking.tcp) {
    const again = yield* ask(proc, { ...asking, tcp: true });
    return "failed" in again ? again : { ...again, retried: true };
  }
  const size = replySize(question, reply);
  return { reply, size, tcp: asking.tcp === true, msec: Math.floor(after * 1000), retried: false };
}

/** A name without its final dot. */
export function shortName(name: string): string {
  return name === "." ? name : name.replace(/\.$/, "");
}
