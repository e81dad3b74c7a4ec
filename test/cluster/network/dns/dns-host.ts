import { Clock } from "../../../../src/base/clock.ts";
import { Random } from "../../../../src/base/random.ts";
import { createCounters } from "../../../../src/cluster/network/dns/counters.ts";
import type { DnsHost, Shared } from "../../../../src/cluster/network/dns/define.ts";
import { createInstance, type Instance } from "../../../../src/cluster/network/dns/instance.ts";
import type { ClusterSource } from "../../../../src/cluster/network/dns/kubernetes/define.ts";

/** A CoreDNS without a process: what it reads, and what it has written. */
export interface TestDns {
  readonly clock: Clock;
  readonly said: string[];
  readonly host: DnsHost;
  readonly files: Map<string, string>;
  start(corefile: string): Instance;
}

export function testDns(more: Partial<DnsHost> = {}, files: Record<string, string> = {}): TestDns {
  const clock = new Clock(1_772_359_200_000_000);
  const said: string[] = [];
  const texts = new Map(Object.entries(files));
  const host: DnsHost = {
    clock,
    random: new Random("dns"),
    env: new Map(),
    addresses: ["10.244.0.5"],
    say: (line) => said.push(line),
    read: (path) => texts.get(path),
    isFolder: () => false,
    dial: () => ({ failed: "timeout", because: "nobody" }),
    cluster: () => undefined,
    ...more,
  };
  const shared: Shared = {
    readiness: new Map(),
    metrics: createCounters({ version: "1.13.1" }),
    lameduck: 0,
    reload: undefined,
    binds: [],
    root: "",
  };
  const source = { read: host.read, glob: () => [], env: host.env, warn: host.say };
  return {
    clock,
    said,
    host,
    files: texts,
    start: (corefile) => createInstance("/etc/coredns/Corefile", corefile, source, host, shared),
  };
}

/** A cluster in which nothing is. */
export const emptyCluster: ClusterSource = {
  synced: true,
  modified: 1_772_359_200,
  namespace: () => undefined,
  service: () => undefined,
  slices: () => [],
  serviceAt: () => undefined,
  slicesAt: () => [],
  followPods: () => undefined,
  podsAt: () => [],
};
