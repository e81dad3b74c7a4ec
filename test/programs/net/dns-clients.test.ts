import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ClusterNetwork } from "../../../src/cluster/network/cluster-network.ts";
import type { Program } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import type { DnsQuestion } from "../../../src/machine/define-network.ts";
import { netPrograms } from "../../../src/programs/net/index.ts";
import { getent } from "../../../src/programs/text/getent.ts";
import { testDns } from "../../cluster/network/dns/dns-host.ts";
import { type Host, makeHost } from "../../machine/harness.ts";
import { wordsOf } from "../text/text-case.ts";

interface Recorded {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  readonly seconds: number;
}

const corpus = (name: string) => readFileSync(new URL(`../../corpus/dns/${name}`, import.meta.url), "utf8");

/**
 * dig, nslookup and host of BIND 9.18, busybox 1.35 and getent of glibc 2.36, with CoreDNS 1.13.1 and the Corefile beside
 * at 10.96.0.10, nobody who answers at 10.96.0.11, and nothing that listens at 10.96.0.12.
 */
const cases: Recorded[] = corpus("clients.jsonl")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

function clientHost(): Host {
  const network = new ClusterNetwork();
  const dns = testDns({}, { "/mnt/example.db": corpus("example.db"), "/mnt/cluster.db": corpus("cluster.db") });
  const [server] = dns.start(corpus("Corefile")).servers;
  const dialects: Program[] = [...netPrograms, getent].flatMap((one) =>
    one.busybox ? [one, { name: `busybox-${one.name}`, run: one.busybox }] : [one],
  );
  const host = makeHost({
    network,
    programs: dialects,
    prepare({ files }) {
      files.mkdir("/etc", root);
      files.write("/etc/hosts", "127.0.0.1\tlocalhost\n10.244.1.9\tclient\n", root);
      const search = "search default.svc.cluster.local svc.cluster.local cluster.local\n";
      files.write("/etc/resolv.conf", `${search}nameserver 10.96.0.10\noptions ndots:5\n`, root);
    },
  });
  network.attach(host.machine.net, host.machine);
  for (const address of ["10.96.0.10", "10.96.0.11", "10.96.0.12"]) {
    const other = makeHost({ kernel: host.kernel, network, name: address, addresses: [address] });
    network.attach(other.machine.net, other.machine);
    const { proc } = other.start(function* (own) {
      for (;;) yield* own.sleep(1e6);
    });
    const answer = (question: DnsQuestion) => server?.answer({ ...question, from: "10.96.0.10" });
    const dns = address === "10.96.0.10" ? { dns: answer } : {};
    if (address === "10.96.0.12") continue;
    for (const protocol of ["UDP", "TCP"] as const)
      other.machine.listen({ proc, address: "0.0.0.0", port: 53, protocol, ...dns });
  }
  return host;
}

/** Numbers, times, ports and cookies are chance; the banner of busybox tells its build. */
function masked(text: string): string {
  return text
    .replace(/id: \d+/g, "id: N")
    .replace(/COOKIE: [0-9a-f]+/g, "COOKIE: C")
    .replace(/Query time: \d+ msec/g, "Query time: N msec")
    .replace(/WHEN: .*/g, "WHEN: T")
    .replace(/ in \d+ ms/g, " in N ms")
    .replace(/in \d+ms/g, "in Nms")
    .replace(/0 0 \d+ \./g, "0 0 PORT .");
}

describe("with recorded name servers", () => {
  for (const { line, stdout, stderr, status, seconds } of cases)
    test(line, () => {
      const host = clientHost();
      const words = wordsOf(line);
      const command = words[0] === "busybox" ? [`busybox-${words[1]}`, ...words.slice(2)] : words;
      const began = host.clock.now;
      const got = host.run(command);
      const took = Math.floor((host.clock.now - began) / 1_000_000);
      expect({ ...got, stdout: masked(got.stdout), stderr: masked(got.stderr) }).toEqual({
        stdout: masked(stdout),
        stderr: masked(stderr),
        status,
      });
      // What is recorded has the start of the programs in it.
      expect(Math.abs(took - seconds)).toBeLessThanOrEqual(1);
    });
});

// bin/dig/dig.c of BIND 9.18, dash_option: what is no type is passed over.
test("dig -t with a type that there is not goes on as if nothing had been said", () => {
  const host = clientHost();
  const line = "@10.96.0.10 web.default.svc.cluster.local";
  const [plain, warned] = [`dig ${line} +short`, `dig -t BOGUS ${line} +short`].map((one) => host.run(wordsOf(one)));
  expect(warned?.stdout).toBe(plain?.stdout);
  expect(warned?.stderr).toBe(";; Warning, ignoring invalid type BOGUS\n");
});
