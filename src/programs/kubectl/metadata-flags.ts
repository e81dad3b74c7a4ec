import {
  allNamespacesFlag,
  dryRunFlag,
  fieldManagerFlag,
  fieldSelectorFlag,
  fileFlags,
  printFlags,
  selectorFlag,
} from "./flag-groups.ts";
import { boolFlag, textFlag } from "./flag-types.ts";
import { recordFlag } from "./record.ts";
import type { Selection } from "./selection.ts";

/** What is said where a command that changes objects is given none. */
export const noResource = "one or more resources must be specified as <resource> <name> or <resource>/<name>";

/** The flags that label and annotate share. */
export function metadataFlags(what: string, manager: string) {
  return {
    ...fileFlags(`that name what gets the ${what}`),
    ...printFlags(),
    all: boolFlag("All objects of the given types in the namespace."),
    "all-namespaces": allNamespacesFlag,
    "dry-run": dryRunFlag,
    "field-manager": fieldManagerFlag(manager),
    "field-selector": fieldSelectorFlag,
    list: boolFlag(`Show the ${what}.`),
    local: boolFlag("Work on files alone, without a server."),
    overwrite: boolFlag("Values that are there may be changed."),
    record: recordFlag,
    "resource-version": textFlag("Change the object only if it still has this version."),
    selector: selectorFlag,
  };
}

interface SelectionValues {
  readonly filename: readonly string[];
  readonly kustomize: string;
  readonly recursive: boolean;
  readonly all: boolean;
  readonly "all-namespaces": boolean;
  readonly "field-selector": string;
  readonly selector: string;
  readonly local: boolean;
}

/** Which objects the flags and words mean. */
export function metadataSelection(args: readonly string[], values: SelectionValues): Selection {
  const { filename: filenames, kustomize, recursive, all, selector, local } = values;
  const allNamespaces = values["all-namespaces"];
  const selectors = {
    labelSelector: selector,
    fieldSelector: values["field-selector"],
    all,
    namesBesideAll: true,
    limit: 0,
  };
  return { args, filenames, kustomize, recursive, ...selectors, allNamespaces, local, latest: !local };
}
