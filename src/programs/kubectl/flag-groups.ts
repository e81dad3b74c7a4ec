import { FormatError } from "../../base/format-error.ts";
import { manifestFile, oneOf } from "./completers.ts";
import type { Flag } from "./define.ts";
import { boolFlag, csvFlag, textFlag } from "./flag-types.ts";
import { type FormatSet, formatsOf, type PrintOptions } from "./printers/object-printer.ts";

/** -R of the commands that go into folders unless they are told not to. */
export const recursiveByDefault = boolFlag("Read the folders given with -f with all folders below.", {
  short: "R",
  initial: true,
});

/** -f, -k, -R */
export function fileFlags(what: string) {
  return {
    filename: csvFlag(`Files, folders or - (stdin) ${what}.`, { short: "f", complete: manifestFile }),
    kustomize: textFlag("A kustomization folder; not together with -f or -R.", { short: "k" }),
    recursive: boolFlag("Read the folders given with -f with all folders below.", { short: "R" }),
  };
}

/** -o and what belongs to it. */
export function printFlags(set: FormatSet = "object", initial = "") {
  return {
    "allow-missing-template-keys": boolFlag("Take a missing field in a template as empty.", { initial: true }),
    output: textFlag(`Output format, one of: ${formatsOf(set).join(", ")}.`, {
      short: "o",
      initial,
      ...(set === "get" && { complete: oneOf(getFormats) }),
    }),
    "show-managed-fields": boolFlag("Keep managedFields in JSON and YAML."),
    template: textFlag("Template text or file for -o go-template, go-template-file and jsonpath."),
  };
}

/** The formats of get, in the order of its usage line. */
const getFormats = [
  "json",
  "yaml",
  "name",
  "go-template",
  "go-template-file",
  "template",
  "templatefile",
  "jsonpath",
  "jsonpath-as-json",
  "jsonpath-file",
  "custom-columns",
  "custom-columns-file",
  "wide",
];

/** What the flags of printFlags say. */
export function printOptions(flags: {
  readonly "allow-missing-template-keys": boolean;
  readonly output: string;
  readonly "show-managed-fields": boolean;
  readonly template: string;
}): PrintOptions {
  return {
    output: flags.output,
    template: flags.template,
    allowMissingKeys: flags["allow-missing-template-keys"],
    showManagedFields: flags["show-managed-fields"],
  };
}

export type DryRun = "none" | "client" | "server";

/** --dry-run, --dry-run=client */
export const dryRunFlag: Flag<string> = {
  ...textFlag("One of none, client (print what would be sent) and server (send it, nothing is kept).", {
    initial: "none",
    bare: "unchanged",
  }),
};

/** --subresource: the parts of objects that kubectl knows (cmdutil.AddSubresourceFlags, 1.33). */
export function subresourceFlag(text: string): Flag<string> {
  return textFlag(text, { complete: oneOf(["status", "scale", "resize"]) });
}

/** -l */
export const selectorFlag = textFlag("Label selector: '=', '==', '!=', 'in', 'notin'.", { short: "l" });
export const fieldSelectorFlag = textFlag("Field selector: '=', '==' and '!='.");
export const allNamespacesFlag = boolFlag("Over all namespaces; -n then does not count.", { short: "A" });

export function fieldManagerFlag(initial: string): Flag<string> {
  return textFlag("The name under which the server keeps the changed fields.", { initial });
}

/** --validate, --validate=warn */
export const validateFlag: Flag<string> = textFlag(
  "strict (or true): unknown and double fields are refused; warn: told; ignore (or false): dropped.",
  { initial: "strict", bare: "strict" },
);

/** The fieldValidation of the request that --validate asks for. */
export function fieldValidationOf(value: string): "Strict" | "Warn" | "Ignore" {
  switch (value) {
    case "strict":
    case "true":
    case "1":
    case "t":
      return "Strict";
    case "warn":
      return "Warn";
    case "ignore":
    case "false":
    case "0":
    case "f":
      return "Ignore";
  }
  throw new FormatError(
    `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
  );
}
