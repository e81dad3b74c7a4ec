import type { Image } from "../define.ts";
import { controller } from "./controller.ts";
import { speaker } from "./speaker.ts";

const tags = ["v0.15.2", "v0.15.1", "v0.15.0", "v0.14.9", "v0.14.8"];

/** MetalLB: addresses for Services of type LoadBalancer where no cloud gives them, announced by the nodes (layer 2). */
export const metallb: readonly Image[] = [
  {
    repository: "quay.io/metallb/controller",
    tags,
    size: 28_000_000,
    usage: { cpu: 1, memory: 30 },
    entrypoint: ["/controller"],
    programs: [controller],
    userland: "none",
  },
  {
    repository: "quay.io/metallb/speaker",
    tags,
    size: 41_000_000,
    usage: { cpu: 4, memory: 35 },
    entrypoint: ["/speaker"],
    programs: [speaker],
    userland: "none",
  },
];
