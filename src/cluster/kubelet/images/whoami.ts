import { canonical } from "../../../base/http-bytes.ts";
import { errorTimeUtc } from "./clock-text.ts";
import { daemon, pathOf, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "whoami",
  folder: "/",
  start(proc, argv) {
    const at = argv.findIndex((word) => word === "--port" || word === "-port");
    const port = Number(at < 0 ? (proc.env.get("WHOAMI_PORT_NUMBER") ?? 80) : argv[at + 1]);
    const name = proc.env.get("WHOAMI_NAME");
    return {
      ports: [
        {
          port,
          http: (request) => {
            const path = pathOf(request);
            if (path === "/health") return plainText("");
            const own = ["127.0.0.1", "::1", ...proc.machine.net.addresses];
            const { host = "", ...headers } = request.headers;
            const lines = [
              ...(name ? [`Name: ${name}`] : []),
              `Hostname: ${proc.machine.name}`,
              ...own.map((ip) => `IP: ${ip}`),
              `RemoteAddr: ${request.from ?? ""}:40000`,
              `${request.method} ${request.path} HTTP/1.1`,
              `Host: ${host}`,
              ...Object.keys(headers)
                .sort()
                .map((key) => `${canonical(key)}: ${headers[key]}`),
            ];
            return plainText(`${lines.join("\n")}\n\n`);
          },
        },
      ],
      says: [`${errorTimeUtc(proc).slice(0, 19).replaceAll("-", "/")} Starting up on port ${port}`],
    };
  },
  endsWith: 2,
});

/** Traefik's server that tells who was asked, and how. */
export const whoami: Image = {
  repository: "docker.io/traefik/whoami",
  tags: ["latest", "v1.11", "v1.11.0", "v1.10", "v1.10.1", "v1.10.0", "v1.9", "v1.8"],
  size: 3_000_000,
  usage: { cpu: 0.1, memory: 2 },
  entrypoint: ["/whoami"],
  programs: [server],
  userland: "none",
};
