import { daemon, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "hello-app",
  folder: "/",
  start(proc) {
    const port = Number(proc.env.get("PORT") ?? 8080);
    const version = proc.env.get("HELLO_VERSION") ?? "1.0.0";
    return {
      ports: [
        {
          port,
          http: ({ path }) => {
            proc.fds.get(2)?.write?.(`Serving request: ${path.split("?")[0]}\n`);
            return plainText(`Hello, world!\nVersion: ${version}\nHostname: ${proc.machine.name}\n`);
          },
        },
      ],
      says: [`Server listening on port ${port}`],
    };
  },
});

/** Google's sample that tells its version and host name. */
export const helloApp: Image = {
  repository: "us-docker.pkg.dev/google-samples/containers/gke/hello-app",
  tags: ["1.0", "2.0"],
  size: 11_000_000,
  usage: { cpu: 0.1, memory: 3 },
  cmd: ["/hello-app"],
  byTag: (tag) => ({ env: { HELLO_VERSION: `${tag}.0` } }),
  programs: [server],
  userland: "none",
};

/** The same under its older name. */
export const helloAppOld: Image = { ...helloApp, repository: "gcr.io/google-samples/hello-app" };
