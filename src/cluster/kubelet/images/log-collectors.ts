import { errorTimeUtc } from "./clock-text.ts";
import { daemon, pathOf, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const fluentdServer = daemon({
  name: "fluentd",
  writesTo: 1,
  start(proc) {
    const line = (words: string) => `${errorTimeUtc(proc).slice(0, 19)} +0000 [info]: ${words}`;
    return {
      ports: [{ port: 24224 }],
      says: [line('starting fluentd-1.16.5 pid=7 ruby="3.2.4"'), line("#0 fluentd worker is now running worker=0")],
    };
  },
});

const fluentBitServer = daemon({
  name: "fluent-bit",
  folder: "/fluent-bit/bin",
  start(proc) {
    const line = (words: string) => `[${errorTimeUtc(proc).slice(0, 19).replaceAll("-", "/")}] [ info] ${words}`;
    return {
      ports: [
        {
          port: 2020,
          http: (request) =>
            pathOf(request) === "/api/v1/health"
              ? plainText("ok\n")
              : plainText("fluent-bit: this page is not simulated\n", 501),
        },
      ],
      says: ["Fluent Bit v4.2.0", line("[fluent bit] version=4.2.0, pid=1"), line("[sp] stream processor started")],
    };
  },
});

/** Log collectors: they run and wait; what they would collect is not simulated. */
export const logCollectors: readonly Image[] = [
  {
    repository: "docker.io/fluent/fluentd",
    tags: ["latest", "v1.16", "v1.16-1", "v1.16-debian-1", "v1.17", "edge"],
    size: 95_000_000,
    usage: { cpu: 2, memory: 48 },
    cmd: ["fluentd"],
    programs: [fluentdServer],
    userland: "debian",
  },
  {
    repository: "quay.io/fluentd_elasticsearch/fluentd",
    tags: ["v2.5.2", "v3.0.1", "v4.3.1", "v5.0.1"],
    size: 110_000_000,
    usage: { cpu: 2, memory: 60 },
    cmd: ["fluentd"],
    programs: [fluentdServer],
    userland: "debian",
  },
  {
    repository: "docker.io/fluent/fluent-bit",
    tags: ["latest", "4.2", "4.2.0", "4.0", "3.2", "3.0", "2.2", "1.9"],
    size: 35_000_000,
    usage: { cpu: 1, memory: 12 },
    cmd: ["/fluent-bit/bin/fluent-bit", "-c", "/fluent-bit/etc/fluent-bit.conf"],
    programs: [fluentBitServer],
    userland: "none",
  },
];
