import type { Counters } from "./define.ts";

/** What the metrics say of themselves; those without a line here are not shown. */
const help: Readonly<Record<string, string>> = {
  coredns_cache_hits_total: "The count of cache hits.",
  coredns_cache_misses_total: "The count of cache misses. Deprecated, derive misses from cache hits/requests counters.",
  coredns_dns_requests_total: "Counter of DNS requests made per zone, protocol and family.",
  coredns_dns_responses_total: "Counter of response status codes.",
};

/** The counters of a process, in the text form of Prometheus. */
export function createCounters(build: Readonly<Record<string, string>>): Counters {
  const values = new Map<string, Map<string, number>>();
  const labelText = (labels: Readonly<Record<string, string>>) =>
    Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(",");
  return {
    add(name, labels, by = 1) {
      const own = values.get(name) ?? new Map<string, number>();
      values.set(name, own);
      const key = labelText(labels);
      own.set(key, (own.get(key) ?? 0) + by);
    },
    page() {
      const version = `# HELP coredns_build_info A metric with a constant '1' value labeled by version, revision, and goversion from which CoreDNS was built.
# TYPE coredns_build_info gauge
coredns_build_info{${labelText(build)}} 1
`;
      const counted = [...values]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, own]) => {
          const head = help[name] === undefined ? [] : [`# HELP ${name} ${help[name]}`, `# TYPE ${name} counter`];
          return [
            ...head,
            ...[...own].sort(([a], [b]) => (a < b ? -1 : 1)).map(([labels, value]) => `${name}{${labels}} ${value}`),
          ];
        });
      return `${version}${counted.map((line) => `${line}\n`).join("")}`;
    },
  };
}
