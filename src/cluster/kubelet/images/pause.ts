import type { Program } from "../../../machine/define.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";

const program: Program = {
  name: "pause",
  folder: "/",
  *run(proc) {
    yield* untilStopped(proc, ["TERM", "INT"]);
    return 0;
  },
};

/** Does nothing, for as long as it is let. */
export const pause: Image = {
  repository: "registry.k8s.io/pause",
  tags: ["3.10.1", "3.10", "3.9", "3.8", "3.7", "3.6", "3.5", "3.2", "3.1", "latest"],
  size: 320_000,
  entrypoint: ["/pause"],
  programs: [program],
  userland: "none",
};
