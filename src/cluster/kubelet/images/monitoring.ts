import { isoSeconds } from "./clock-text.ts";
import { daemon, pathOf, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const prometheusServer = daemon({
  name: "prometheus",
  folder: "/bin",
  start(proc) {
    const line = (words: string) => `time=${isoSeconds(proc)}.000Z level=INFO ${words}`;
    return {
      ports: [
        {
          port: 9090,
          http: (request) => {
            const path = pathOf(request);
            if (path === "/-/healthy") return plainText("Prometheus Server is Healthy.\n");
            if (path === "/-/ready") return plainText("Prometheus Server is Ready.\n");
            if (path === "/") return { status: 302, headers: { location: "/query" }, body: "" };
            return plainText("prometheus: this page is not simulated\n", 501);
          },
        },
      ],
      says: [
        line('source=web.go:656 msg="Start listening for connections" component=web address=0.0.0.0:9090'),
        line('source=main.go:1273 msg="Server is ready to receive web requests."'),
      ],
    };
  },
});

const nodeExporterServer = daemon({
  name: "node_exporter",
  folder: "/bin",
  start(proc) {
    return {
      ports: [
        {
          port: 9100,
          http: (request) =>
            pathOf(request) === "/"
              ? plainText("Node Exporter\n")
              : plainText("node_exporter: its metrics are not simulated\n", 501),
        },
      ],
      says: [`time=${isoSeconds(proc)}.000Z level=INFO source=tls_config.go:346 msg="Listening on" address=[::]:9100`],
    };
  },
});

const grafanaServer = daemon({
  name: "run.sh",
  folder: "/",
  writesTo: 1,
  start(proc) {
    return {
      ports: [
        {
          port: 3000,
          http: (request) => {
            const path = pathOf(request);
            if (path === "/api/health")
              return {
                status: 200,
                headers: { "content-type": "application/json" },
                body: '{\n  "database": "ok",\n  "version": "12.3.0"\n}',
              };
            if (path === "/")
              return { status: 302, headers: { location: "/login" }, body: '<a href="/login">Found</a>.\n\n' };
            return plainText("grafana: this page is not simulated\n", 501);
          },
        },
      ],
      says: [
        `logger=http.server t=${isoSeconds(proc)}.000Z level=info msg="HTTP Server Listen" address=[::]:3000 protocol=http subUrl= socket=`,
      ],
    };
  },
});

/** Images of the usual monitoring: their health pages answer. */
export const monitoring: readonly Image[] = [
  {
    repository: "docker.io/prom/prometheus",
    tags: ["latest", "v3.8.0", "v3.7.3", "v3.5.0", "v2.55.1", "v2.53.0", "v2.45.0"],
    size: 120_000_000,
    usage: { cpu: 3, memory: 45 },
    entrypoint: ["/bin/prometheus"],
    user: 65534,
    programs: [prometheusServer],
    userland: "busybox",
  },
  {
    repository: "docker.io/prom/node-exporter",
    tags: ["latest", "v1.10.2", "v1.9.1", "v1.8.2", "v1.7.0", "v1.3.1"],
    size: 12_000_000,
    usage: { cpu: 1, memory: 9 },
    entrypoint: ["/bin/node_exporter"],
    user: 65534,
    programs: [nodeExporterServer],
    userland: "busybox",
  },
  {
    repository: "docker.io/grafana/grafana",
    tags: ["latest", "12.3.0", "12.0.0", "11.6.0", "10.4.0", "9.5.0"],
    size: 200_000_000,
    usage: { cpu: 4, memory: 85 },
    entrypoint: ["/run.sh"],
    user: 472,
    programs: [grafanaServer],
    userland: "busybox",
    tools: ["curl"],
  },
];
