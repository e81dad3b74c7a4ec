import { parseIp } from "../../base/cidr.ts";
import { type Files, root } from "../../machine/define-files.ts";
import type { DnsQuestion, DnsReply, LookupWords, Network, Resolved } from "../../machine/define-network.ts";
import type { Machine } from "../../machine/machine.ts";
import { resolvedTo } from "../../machine/resolved.ts";
import { absolute, reverseOf } from "./dns/names.ts";
import { type ResolvConf, readHosts, readResolvConf } from "./resolver.ts";

/** What an answer of a name server takes, in seconds. */
const ANSWER_TIME = 0.001;

/** How an exchange with the name servers of a host ended. */
interface Exchange {
  /** One for each question; undefined where nobody answered. */
  readonly replies: readonly DnsReply[] | undefined;
  readonly after: number;
}

/** Looks a name up as the C library of a host or container does: /etc/hosts first, then the name servers. */
export function resolveName(network: Network, from: Machine, name: string): Resolved {
  if (parseIp(name) || /^[\d.]+$/.test(name)) return resolvedTo(name, name);
  const known = readHosts(from.files).get(name.toLowerCase().replace(/\.$/, ""));
  if (known) return resolvedTo(name, known);
  const conf = resolvConfOf(from.files);
  return isMusl(from) ? lookUpAsMusl(network, from, conf, name) : lookUpAsGlibc(network, from, conf, name);
}

function resolvConfOf(files: Files): ResolvConf {
  const path = "/etc/resolv.conf";
  const conf = readResolvConf(files.find(path, root) ? files.read(path, root) : "");
  // Without any server the own host is asked.
  return conf.nameservers.length > 0 ? conf : { ...conf, nameservers: ["127.0.0.1"] };
}

/** Images that are made of Alpine, beside those that say so in their tag. */
const ofAlpine =
  /\/(alpine|curlimages\/curl|nicolaka\/netshoot|e2e-test-images\/agnhost|[a-z]+\/network-multitool):|-alpine/;

/** Alpine's C library is musl: it asks in another way. */
function isMusl({ parts }: Machine): boolean {
  return ofAlpine.test(String(parts.get("image") ?? ""));
}

function found(replies: readonly DnsReply[], name: string, after: number): Resolved | undefined {
  const records = replies.flatMap(({ answers }) => answers);
  const addresses = records.filter(({ type }) => type === "A" || type === "AAAA").map(({ data }) => data);
  if (addresses.length === 0) return undefined;
  const targets = new Map(records.filter(({ type }) => type === "CNAME").map((one) => [one.name, one.data]));
  const chain = [absolute(name)];
  for (let next = targets.get(chain[0] ?? ""); next && chain.length <= targets.size; next = targets.get(next))
    chain.push(next);
  const plain = chain.map((one) => one.replace(/\.$/, ""));
  return { addresses, canonical: plain.at(-1) ?? name, aliases: plain.slice(0, -1), after };
}

function failed(words: LookupWords, because: string, after: number): Resolved {
  const isKnown = words === "Name or service not known" || words === "No address associated with hostname";
  return { failed: isKnown ? "not found" : "timeout", because, words, after };
}

function nobody({ nameservers }: ResolvConf): string {
  return `no name server answers (${nameservers.join(", ") || "none is configured"})`;
}

function questionsFor(from: Machine, name: string): DnsQuestion[] {
  const source = from.net.addresses[0] ?? "127.0.0.1";
  return (["A", "AAAA"] as const).map((type) => ({ name: absolute(name), type, from: source }));
}

/** getaddrinfo of glibc 2.36 (resolv/res_query.c). */
function lookUpAsGlibc(network: Network, from: Machine, conf: ResolvConf, name: string): Resolved {
  const { names } = searchOrder(conf, name);
  let after = 0;
  let noData = false;
  let failedOnce = false;
  for (const full of names) {
    const exchange = askAsGlibc(network, from, conf, questionsFor(from, full));
    after += exchange.after;
    const [reply] = exchange.replies ?? [];
    const answer = exchange.replies && found(exchange.replies, full, after);
    if (answer) return answer;
    if (!reply) return failed("Temporary failure in name resolution", nobody(conf), after);
    if (reply.rcode === "NOERROR") noData = true;
    else if (reply.rcode === "SERVFAIL") failedOnce = true;
    else if (reply.rcode !== "NXDOMAIN")
      return failed("Temporary failure in name resolution", `${full}: ${reply.rcode}`, after);
  }
  const server = conf.nameservers[0] ?? "";
  if (noData) return failed("No address associated with hostname", `${server} knows no address of ${name}`, after);
  if (failedOnce) return failed("Temporary failure in name resolution", `${server} answers SERVFAIL`, after);
  return failed("Name or service not known", `${server} knows no ${name}`, after);
}

function searchOrder({ search, ndots }: ResolvConf, name: string): { names: string[]; plainFirst: boolean } {
  if (name.endsWith(".")) return { names: [name], plainFirst: true };
  const plainFirst = name.split(".").length - 1 >= ndots;
  const searched = search.map((domain) => (domain === "." ? name : `${name}.${domain}`));
  return { names: plainFirst ? [name, ...searched] : [...searched, name], plainFirst };
}

/** How many look-ups a host has made: `options rotate` begins with another server each time. */
const turns = new WeakMap<Machine, number>();

/** One server after the other, all of them so many times; those that refuse or fail are passed over at once. */
function askAsGlibc(network: Network, from: Machine, conf: ResolvConf, questions: readonly DnsQuestion[]): Exchange {
  const { timeout, attempts } = conf;
  const turn = conf.rotate ? (turns.get(from) ?? 0) : 0;
  if (conf.rotate) turns.set(from, turn + 1);
  const first = turn % conf.nameservers.length;
  const servers = [...conf.nameservers.slice(first), ...conf.nameservers.slice(0, first)];
  let after = 0;
  let last: readonly DnsReply[] | undefined;
  for (let attempt = 0; attempt < attempts; attempt++)
    for (const [at, server] of servers.entries()) {
      const patience = at === 0 ? timeout : Math.max(1, Math.floor((timeout * 2 ** at) / servers.length));
      const got = ask(network, from, server, questions, patience);
      after += got.after;
      if (got.replies?.[0] && !["SERVFAIL", "NOTIMP", "REFUSED"].includes(got.replies[0].rcode))
        return { ...got, after };
      last = got.replies ?? last;
    }
  return { replies: last, after };
}

/** The names of an address, as gethostbyaddr(3) finds them in the domain name system. */
export function namesOfAddress(
  network: Network,
  from: Machine,
  address: string,
): { readonly names: readonly string[]; readonly after: number } {
  const name = reverseOf(address);
  if (name === undefined) return { names: [], after: 0 };
  const question: DnsQuestion = { name, type: "PTR", from: from.net.addresses[0] ?? "127.0.0.1" };
  const { replies, after } = askAsGlibc(network, from, resolvConfOf(from.files), [question]);
  const answers = replies?.[0]?.answers ?? [];
  const names = answers.filter(({ type }) => type === "PTR").map(({ data }) => data.replace(/\.$/, ""));
  return { names, after };
}

/** Asks one server; after `patience` seconds of silence there is no answer. */
function ask(
  network: Network,
  from: Machine,
  server: string,
  questions: readonly DnsQuestion[],
  patience: number,
): Exchange {
  const dialled = network.dial(from, server, 53, "UDP");
  if ("failed" in dialled) {
    const isQuick = dialled.failed !== "timeout";
    return { replies: undefined, after: isQuick ? 0 : patience };
  }
  const { listener, source } = dialled;
  const replies = questions.map((question) => listener.dns?.({ ...question, from: source }));
  const after = Math.max(ANSWER_TIME, ...replies.map((reply) => reply?.after ?? 0));
  const all = replies.filter((reply) => reply !== undefined);
  if (after >= patience || all.length < replies.length) return { replies: undefined, after: patience };
  return { replies: all, after };
}

/**
 * getaddrinfo of musl 1.2: all servers at once, no search domains for names with enough dots, and the first search
 * domain that knows the name, if only without an address, ends the search.
 */
function lookUpAsMusl(network: Network, from: Machine, conf: ResolvConf, name: string): Resolved {
  const { names, plainFirst } = searchOrder(conf, name);
  const [server = ""] = conf.nameservers;
  let after = 0;
  for (const full of plainFirst ? names.slice(0, 1) : names) {
    const all = conf.nameservers.map((one) => ask(network, from, one, questionsFor(from, full), conf.timeout));
    const good = all
      .filter(({ replies }) => replies?.[0]?.rcode === "NOERROR" || replies?.[0]?.rcode === "NXDOMAIN")
      .sort((a, b) => a.after - b.after)[0];
    // Servers that refuse or fail are waited for: another may answer.
    after += good?.after ?? conf.timeout;
    if (!good?.replies) return failed("Temporary failure in name resolution", nobody(conf), after);
    const answer = found(good.replies, full, after);
    if (answer) return answer;
    if (good.replies[0]?.rcode === "NOERROR")
      return failed("No address associated with hostname", `${server} knows no address of ${full}`, after);
  }
  return failed("Name or service not known", `${server} knows no ${name}`, after);
}
