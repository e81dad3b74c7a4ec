import { daemon, pathOf, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "registry",
  folder: "/bin",
  start() {
    const json = (status: number, body: string) => ({
      status,
      headers: { "content-type": "application/json; charset=utf-8", "docker-distribution-api-version": "registry/2.0" },
      body,
    });
    return {
      ports: [
        {
          port: 5000,
          http: (request) => {
            const path = pathOf(request);
            if (path === "/") return plainText("");
            if (path === "/v2/") return json(200, "{}");
            if (path === "/v2/_catalog") return json(200, '{"repositories":[]}\n');
            if (path.startsWith("/v2/"))
              return json(
                404,
                '{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}\n',
              );
            return plainText("404 page not found\n", 404);
          },
        },
      ],
      says: ['level=info msg="listening on [::]:5000" go.version=go1.24.4 service=registry version=3.0.0'],
    };
  },
});

/** An image registry, which stays empty: nothing can be pushed to it. */
export const registry: Image = {
  repository: "docker.io/library/registry",
  tags: ["latest", "3", "3.0", "2", "2.8", "2.8.3"],
  size: 17_000_000,
  usage: { cpu: 0.2, memory: 12 },
  entrypoint: ["/entrypoint.sh"],
  cmd: ["/etc/distribution/config.yml"],
  programs: [{ ...server, name: "entrypoint.sh", folder: "/" }, server],
  userland: "busybox",
};
