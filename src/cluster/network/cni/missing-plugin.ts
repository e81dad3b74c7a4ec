import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import { CNI_PLUGIN_FOLDER } from "./define.ts";

/** What libcni says of a plugin whose binary is not there (pkg/invoke FindInPath, 1.3). */
export function missingPlugin(host: Machine, type: string): string | undefined {
  if (host.files.find(`${CNI_PLUGIN_FOLDER}/${type}`, root)?.kind === "file") return undefined;
  return `failed to find plugin ${JSON.stringify(type)} in path [${CNI_PLUGIN_FOLDER}]`;
}
