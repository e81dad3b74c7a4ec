import { objectName } from "../completers.ts";
import { cordonFlags, nodesNamed, setCordon } from "../cordoning.ts";
import type { Verb } from "../define.ts";
import { dryRunOf } from "../dry-run.ts";
import { UsageFault } from "../faults.ts";

const flags = cordonFlags;

/** Keeps new pods away from nodes. */
export const cordon: Verb<typeof flags> = {
  path: ["cordon"],
  usage: "cordon NODE",
  short: "Mark node as unschedulable",
  examples: ["kubectl cordon foo"],
  flags,
  config: "whole",
  complete: objectName("nodes"),
  check({ args, flags: { selector } }) {
    if (args.length === 0 && selector === "") return new UsageFault("USAGE: cordon NODE [flags]");
    if (args.length > 0 && selector !== "")
      return new UsageFault("cannot specify both a node name and a --selector option");
    return undefined;
  },
  *run(context, { args, flags: { selector, "dry-run": wanted } }) {
    const dryRun = dryRunOf(context, wanted);
    for (const found of yield* nodesNamed(context, args, selector)) yield* setCordon(context, found, true, dryRun);
  },
};
