import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import type { Image } from "../define.ts";
import { runCoredns } from "./run-coredns.ts";

/** Cluster DNS. */
export const coredns: Image = {
  repository: "registry.k8s.io/coredns/coredns",
  tags: ["v1.13.1", "v1.12.1", "v1.12.0", "v1.11.3"],
  size: 22_000_000,
  usage: { cpu: 3, memory: 15 },
  entrypoint: ["/coredns"],
  programs: [{ name: "coredns", folder: "/", run: endsOnTerm(runCoredns) }],
  userland: "none",
};
