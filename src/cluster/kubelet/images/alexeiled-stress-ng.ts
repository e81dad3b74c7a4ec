import type { Image } from "./define.ts";

/** stress-ng and nothing else. */
export const alexeiledStressNg: Image = {
  repository: "docker.io/alexeiled/stress-ng",
  tags: ["latest", "latest-ubuntu"],
  size: 1_900_000,
  entrypoint: ["/usr/bin/stress-ng"],
  cmd: ["--help"],
  userland: "none",
  tools: ["stress-ng"],
};
