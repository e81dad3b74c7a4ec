import { describe, expect, test } from "vitest";
import { emptyReply } from "../../../../src/cluster/network/dns/reply.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import type { Dialled, DnsQuestion, DnsReply, DnsType } from "../../../../src/machine/define-network.ts";
import { emptyCluster, type TestDns, testDns } from "./dns-host.ts";

/** A question and what came: "NOERROR aa" with the answers, the seconds that it took after it. */
function ask(dns: TestDns, corefile: string, words: string, from = "10.244.1.9"): string {
  const { servers } = dns.start(corefile);
  return answered(servers[0]?.answer.bind(servers[0]), words, from);
}

function answered(
  answer: ((question: DnsQuestion) => DnsReply | undefined) | undefined,
  words: string,
  from = "10.244.1.9",
): string {
  const [type = "A", name = ""] = words.split(" ");
  const reply = answer?.({ name: `${name}.`, type: type as DnsType, from });
  if (!reply) return "nothing";
  const answers = reply.answers.map((one) => `${one.name} ${one.ttl} ${one.type} ${one.data}`);
  const after = reply.after ? ` after ${reply.after}` : "";
  return [`${reply.rcode}${reply.authoritative ? " aa" : ""}${after}`, ...answers].join("; ");
}

const block = (lines: string) => `.:53 {\n${lines}\n}\n`;
const any = `template IN A {\n answer "{{ .Name }} 60 IN A 1.2.3.4"\n}\ntemplate IN CNAME {\n answer "{{ .Name }} 60 IN CNAME x.val.example."\n}`;

describe("rewrite, as CoreDNS 1.13.1 answers", () => {
  const rules = `rewrite name substring mid fin
rewrite name prefix pre. post.
rewrite name suffix .one.example .two.example
rewrite name regex ^r(\\d)\\.example\\.$ n{1}.example answer auto
rewrite stop name regex (.*)\\.out\\.example {1}.in.example answer name (.*)\\.in\\.example {1}.out.example answer value (.*)\\.val\\.example {1}.changed.example
${any}`;
  test.each([
    ["A amidb.example", "amidb.example. 60 A 1.2.3.4"],
    ["A pre.x.example", "post.x.example. 60 A 1.2.3.4"],
    ["A prex.example", "prex.example. 60 A 1.2.3.4"],
    ["A foo.one.example", "foo.two.example. 60 A 1.2.3.4"],
    ["A r1.example", "r1.example. 60 A 1.2.3.4"],
    ["CNAME a.out.example", "a.out.example. 60 CNAME x.changed.example."],
  ])("%s", (words, answer) => expect(ask(testDns(), block(rules), words)).toBe(`NOERROR aa; ${answer}`));
});

describe("the order of plugins is CoreDNS' own", () => {
  test("template comes before hosts, whatever the Corefile's order", () => {
    const lines = `hosts {\n 10.0.0.1 a.example\n}\n${any}`;
    expect(ask(testDns(), block(lines), "A a.example")).toBe("NOERROR aa; a.example. 60 A 1.2.3.4");
  });
  test("the longest zone answers", () => {
    const blocks = `${block(any)}b.example:53 {\n hosts {\n  10.0.0.2 a.b.example\n }\n}\n`;
    expect(ask(testDns(), blocks, "A a.b.example")).toBe("NOERROR aa; a.b.example. 3600 A 10.0.0.2");
    expect(ask(testDns(), blocks, "A x.b.example")).toBe("SERVFAIL");
  });
  test("no zone at all is refused", () => {
    expect(ask(testDns(), "b.example:53 {\n whoami\n}\n", "A a.example")).toBe("REFUSED");
  });
  test("nothing behind the last plugin", () => {
    const dns = testDns();
    expect(ask(dns, block("errors\nlog"), "A a.example")).toBe("SERVFAIL");
    expect(
      dns.said.map((line) => line.replace(/10\.244\.1\.9:\d+ - \d+/, "CLIENT").replace(/0\.000\d+s/, "TIME")),
    ).toEqual([
      '[INFO] CLIENT "A IN a.example. udp 27 false 512" - - 0 TIME',
      "[ERROR] plugin/errors: 2 a.example. A: plugin/log: no next plugin found",
    ]);
  });
});

describe("acl", () => {
  const lines = `acl {\n allow net 10.244.1.0/24\n block type A net *\n filter type AAAA\n drop type TXT\n}\n${any}`;
  test.each([
    ["A a.example", "10.244.1.9", "NOERROR aa; a.example. 60 A 1.2.3.4"],
    ["A a.example", "10.244.2.9", "REFUSED"],
    ["AAAA a.example", "10.244.2.9", "NOERROR"],
    ["TXT a.example", "10.244.2.9", "nothing"],
  ])("%s from %s", (words, from, answer) => expect(ask(testDns(), block(lines), words, from)).toBe(answer));
});

/** Servers that can be asked: by address, how they answer. */
function upstreams(servers: Record<string, (question: DnsQuestion) => DnsReply | undefined>) {
  return (address: string): Dialled => {
    const dns = servers[address];
    if (!dns) return { failed: address.startsWith("10.7.") ? "refused" : "timeout", because: "test" };
    const listener = { proc: undefined as never, address, port: 53, protocol: "UDP" as const, dns };
    return { listener, address, source: "10.244.0.5" };
  };
}

const known = ({ name, type }: DnsQuestion) =>
  emptyReply("NOERROR", { recursive: true, answers: [{ name, type, ttl: 100, data: "9.9.9.9" }] });

describe("forward", () => {
  test.each([
    ["forward . 10.0.0.1", "A a.example", "NOERROR; a.example. 100 A 9.9.9.9"],
    ["forward . 10.0.0.1:53", "A a.example", "NOERROR; a.example. 100 A 9.9.9.9"],
    ["forward b.example 10.0.0.1", "A a.example", "SERVFAIL"],
    ["forward . 10.0.0.1 {\n except a.example\n}", "A x.a.example", "SERVFAIL"],
    ["forward . 10.0.0.9", "A a.example", "SERVFAIL after 6"],
    [
      "forward . 10.0.0.9 10.0.0.1 {\n policy sequential\n}",
      "A a.example",
      "NOERROR after 2; a.example. 100 A 9.9.9.9",
    ],
    [
      "forward . 10.7.0.1 10.0.0.1 {\n policy sequential\n}",
      "A a.example",
      "NOERROR after 0.25; a.example. 100 A 9.9.9.9",
    ],
    ["forward . 10.7.0.1", "A a.example", "SERVFAIL after 1"],
    ["forward . /etc/resolv.conf", "A a.example", "NOERROR; a.example. 100 A 9.9.9.9"],
  ])("%s", (lines, words, answer) => {
    const dial = upstreams({ "10.0.0.1": known });
    const dns = testDns({ dial }, { "/etc/resolv.conf": "nameserver 10.0.0.1\n" });
    expect(ask(dns, block(lines), words)).toBe(answer);
  });

  test("one that was silent is passed over, until it answers again", () => {
    const servers: Record<string, (question: DnsQuestion) => DnsReply | undefined> = { "10.0.0.1": known };
    const dns = testDns({ dial: upstreams(servers) });
    const [server] = dns.start(block("forward . 10.0.0.9 10.0.0.1 {\n policy sequential\n}")).servers;
    const asked = () => answered(server?.answer, "A a.example");
    expect(asked()).toBe("NOERROR after 2; a.example. 100 A 9.9.9.9");
    dns.clock.now += 10_000_000;
    expect(asked()).toBe("NOERROR; a.example. 100 A 9.9.9.9");
    servers["10.0.0.9"] = () => emptyReply("NXDOMAIN");
    expect(asked()).toBe("NXDOMAIN");
  });
});

describe("cache", () => {
  const lines = "cache 30\nforward . 10.0.0.1";
  test("a reply ages, and is asked for anew when its time is up", () => {
    let count = 0;
    const dial = upstreams({
      "10.0.0.1": (question) => {
        count++;
        return known(question);
      },
    });
    const dns = testDns({ dial });
    const [server] = dns.start(block(lines)).servers;
    const asked = () => answered(server?.answer, "A a.example");
    expect(asked()).toBe("NOERROR; a.example. 30 A 9.9.9.9");
    dns.clock.now += 12_000_000;
    expect(asked()).toBe("NOERROR aa; a.example. 18 A 9.9.9.9");
    expect(count).toBe(1);
    dns.clock.now += 19_000_000;
    expect(asked()).toBe("NOERROR; a.example. 30 A 9.9.9.9");
    expect(count).toBe(2);
  });
  test("what failed without an answer is not kept", () => {
    const servers: Record<string, (question: DnsQuestion) => DnsReply | undefined> = {};
    const dns = testDns({ dial: upstreams(servers) });
    const [server] = dns.start(block(lines)).servers;
    expect(answered(server?.answer, "A a.example")).toBe("SERVFAIL after 6");
    servers["10.0.0.1"] = known;
    expect(answered(server?.answer, "A a.example")).toBe("NOERROR; a.example. 30 A 9.9.9.9");
  });
});

describe("autopath", () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "shop" },
    spec: { containers: [] },
  } as Pod;
  const cluster = () => ({ ...emptyCluster, podsAt: (address: string) => (address === "10.244.1.9" ? [pod] : []) });
  const lines = "autopath @kubernetes\nkubernetes cluster.local {\n pods verified\n fallthrough\n}\nforward . 10.0.0.1";
  test("answers what the client would have asked for in the end", () => {
    const dial = upstreams({ "10.0.0.1": (q) => (q.name === "a.example." ? known(q) : emptyReply("NXDOMAIN")) });
    const dns = testDns({ dial, cluster }, { "/etc/resolv.conf": "nameserver 10.0.0.1\n" });
    const [server] = dns.start(block(lines)).servers;
    expect(answered(server?.answer, "A a.example.shop.svc.cluster.local")).toBe(
      "NOERROR; a.example.shop.svc.cluster.local. 100 CNAME a.example.; a.example. 100 A 9.9.9.9",
    );
    expect(answered(server?.answer, "A a.example.shop.svc.cluster.local", "10.244.3.3")).toBe("NXDOMAIN");
  });
});

describe("what is not simulated says so", () => {
  test.each(["dns64", "erratic", "etcd", "route53"])("%s", (name) => {
    const dns = testDns();
    ask(dns, block(`${name}\n${any}`), "A a.example");
    expect(dns.said).toEqual([`[WARNING] plugin/${name}: line 2: not simulated here, its answers are left out`]);
  });
});
