import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import type { DryRun } from "./flag-groups.ts";
import { logLine } from "./log-line.ts";

const yes = ["1", "t", "T", "TRUE", "true", "True"];
const no = ["0", "f", "F", "FALSE", "false", "False"];

const answered = new WeakMap<Context, DryRun>();

/** Which dry run --dry-run asks for; the old forms still work, with advice in the log (cmdutil.GetDryRunStrategy, 1.33). */
export function dryRunOf(context: Context, value: string): DryRun {
  const before = answered.get(context);
  if (before) return before;
  const dryRun = readDryRun(context, value);
  answered.set(context, dryRun);
  return dryRun;
}

function readDryRun(context: Context, value: string): DryRun {
  switch (value) {
    case "client":
    case "server":
    case "none":
      return value;
    case "unchanged":
      advise(context, "helpers.go:703", "--dry-run is deprecated and can be replaced with --dry-run=client.");
      return "client";
  }
  const replacement = yes.includes(value) ? "client" : no.includes(value) ? "none" : undefined;
  if (!replacement) throw new CommandFault(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
  const text = `--dry-run=${yes.includes(value)} is deprecated (boolean value) and can be replaced with --dry-run=${replacement}.`;
  advise(context, replacement === "client" ? "helpers.go:717" : "helpers.go:720", text);
  return replacement;
}

function advise(context: Context, source: string, text: string): void {
  context.err.line(logLine(context.proc, "W", source, text));
}

/** The query that makes the server only try. */
export function dryRunQuery(dryRun: DryRun): { readonly dryRun?: string } {
  return dryRun === "server" ? { dryRun: "All" } : {};
}
