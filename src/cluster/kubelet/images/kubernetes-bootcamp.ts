import { isoSeconds } from "./clock-text.ts";
import { daemon, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "node",
  writesTo: 1,
  start(proc, argv) {
    if (argv[0] !== "server.js")
      return { status: 1, complains: ["node: only its server.js is simulated in this image"] };
    const version = proc.env.get("BOOTCAMP_VERSION") ?? "1";
    return {
      ports: [
        {
          port: 8080,
          http: () => {
            proc.fds.get(1)?.write?.(`Running On: ${proc.machine.name}\n`);
            return plainText(`Hello Kubernetes bootcamp! | Running on: ${proc.machine.name} | v=${version}\n`);
          },
        },
      ],
      says: [`Kubernetes Bootcamp App Started At: ${isoSeconds(proc)}.000Z | Running On:  ${proc.machine.name}`, ""],
    };
  },
});

/** The app of Kubernetes' first tutorial. */
export const kubernetesBootcamp: Image = {
  repository: "gcr.io/google-samples/kubernetes-bootcamp",
  tags: ["v1", "v2"],
  size: 84_000_000,
  usage: { cpu: 0.2, memory: 18 },
  cmd: ["node", "server.js"],
  byTag: (tag) => ({ env: { BOOTCAMP_VERSION: tag.slice(1) } }),
  programs: [server],
  userland: "debian",
  tools: ["curl"],
};

/** The second version, under the name that the tutorial gives it. */
export const kubernetesBootcampTwo: Image = {
  ...kubernetesBootcamp,
  repository: "docker.io/jocatalin/kubernetes-bootcamp",
};
