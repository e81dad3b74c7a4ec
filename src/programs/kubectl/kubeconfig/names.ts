import { compareText } from "../../../base/json.ts";
import type { Context } from "../context.ts";
import type { Section } from "./define.ts";
import { editConfig } from "./edit.ts";

/** The names in a section of the kubeconfig, sorted. */
export function configNames(context: Context, section: Section): readonly string[] {
  return [...editConfig(context).config[section].keys()].sort(compareText);
}
