import { InvalidArgumentError } from "commander";
import { usualSeed, usualWorld } from "../lab/usual-world.ts";
import type { Define } from "./define.ts";
import { type ServeOptions, serve } from "./serve.ts";

/** `cka-lab serve`: the API of a fresh cluster over HTTPS, for kubectl, helm, k9s and client libraries. */
export const serveOptions: Define = (command) => {
  command
    .option("--world <name>", "the cluster to serve", usualWorld)
    .option("--port <number>", "the port on 127.0.0.1; 0 takes a free one", port, 6443)
    .option("--kubeconfig <file>", "where to write the kubeconfig", "cka-lab.kubeconfig")
    .option("--seed <seed>", "chance: names, addresses, identifiers", usualSeed)
    .action((options: ServeOptions) => serve(options));
};

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 65_535)) throw new InvalidArgumentError("It must be a number from 0 to 65535.");
  return value;
}
