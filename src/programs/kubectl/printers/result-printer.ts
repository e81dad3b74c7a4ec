import type { JsonObject } from "../../../base/json.ts";
import type { Context } from "../context.ts";
import type { DryRun } from "../flag-groups.ts";
import { nameLines, type ObjectPrinter, objectPrinter, type PrintOptions } from "./object-printer.ts";

/** What stands behind the operation in a dry run. */
export function dryRunSuffix(dryRun: DryRun): string {
  return { none: "", client: " (dry run)", server: " (server dry run)" }[dryRun];
}

/**
 * How a changing command reports an object: in the format of -o, or else as `deployment.apps/web created`, with
 * `(dry run)` behind it where it was one (genericclioptions.PrintFlags).
 */
export function resultPrinter(
  context: Context,
  options: PrintOptions & { readonly operation: string; readonly dryRun?: DryRun },
): ObjectPrinter {
  if (options.output !== "" || options.template) return objectPrinter(context, options);
  const operation = options.operation + dryRunSuffix(options.dryRun ?? "none");
  return { print: (object: JsonObject) => context.out.write(nameLines(object, operation)) };
}
