import { base64Of } from "../../../../base/base64.ts";
import { cleanPath } from "../../../../base/clean-path.ts";
import type { Json, JsonObject } from "../../../../base/json.ts";
import { bytesOf } from "../../../../base/text-bytes.ts";
import type { Context } from "../../context.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, UsageFault } from "../../faults.ts";
import { printFlags, printOptions } from "../../flag-groups.ts";
import { boolFlag } from "../../flag-types.ts";
import { configFilesOf, loadConfig } from "../../kubeconfig/access.ts";
import { byteFields, type Config, type Entry, emptyConfig, pathFields, textIn } from "../../kubeconfig/define.ts";
import { configObject } from "../../kubeconfig/print-config.ts";
import { objectPrinter } from "../../printers/object-printer.ts";

const flags = {
  ...printFlags("object", "yaml"),
  flatten: boolFlag("Write the certificates and keys of files into what is printed."),
  merge: boolFlag("Merge all kubeconfig files.", { initial: true }),
  minify: boolFlag("Leave out what the current context does not use."),
  raw: boolFlag("Show data and secrets as they are."),
};

export const view: Verb<typeof flags> = {
  path: ["config", "view"],
  usage: "config view [flags] [options]",
  short: "Display merged kubeconfig settings or a specified kubeconfig file",
  examples: [
    "kubectl config view",
    "kubectl config view --minify --raw",
    "kubectl config view -o jsonpath='{.users[?(@.name == \"e2e\")].user.password}'",
  ],
  flags,
  config: "none",
  check: ({ args }) => (args.length === 0 ? undefined : new UsageFault(`unexpected arguments: [${args.join(" ")}]`)),
  *run(context, { flags: values }) {
    const files = configFilesOf(context.proc, context.globals.kubeconfig);
    if (!values.merge && !files.explicit) throw new CommandFault("if merge==false a precise file must be specified");
    const config = loadConfig(context.proc, files, { resolve: false });
    if (values.minify) minify(config, context.globals.context);
    if (values.flatten) flatten(context, config);
    else if (!values.raw) redact(config);
    objectPrinter(context, printOptions(values)).print(configObject(config), true);
  },
};

/** Leaves only what the current context uses (clientcmd/api MinifyConfig). */
function minify(config: Config, wanted: string): void {
  if (wanted !== "") config.currentContext = wanted;
  const { currentContext } = config;
  if (currentContext === "") throw new CommandFault("current-context must exist in order to minify");
  const context = config.contexts.get(currentContext);
  if (!context) throw new CommandFault(`cannot locate context ${currentContext}`);
  const kept = emptyConfig();
  kept.contexts.set(currentContext, context);
  for (const [section, name, what] of [
    ["clusters", textIn(context, "cluster"), "cluster"],
    ["users", textIn(context, "user"), "user"],
  ] as const) {
    if (name === "") continue;
    const entry = config[section].get(name);
    if (!entry) throw new CommandFault(`cannot locate ${what} ${name}`);
    kept[section].set(name, entry);
  }
  for (const section of ["clusters", "contexts", "users"] as const) {
    config[section].clear();
    for (const [name, entry] of kept[section]) config[section].set(name, entry);
  }
}

/** Files become data (FlattenConfig). */
function flatten(context: Context, config: Config): void {
  for (const section of ["users", "clusters"] as const)
    for (const [name, entry] of config[section]) {
      const fields: Record<string, Json> = { ...(entry.fields as Record<string, Json>) };
      for (const field of pathFields[section]) {
        const path = fields[field];
        if (typeof path !== "string" || field === "tokenFile") continue;
        const folder = entry.origin.slice(0, entry.origin.lastIndexOf("/"));
        fields[`${field}-data`] = base64Of(
          bytesOf(context.readFile(path.startsWith("/") ? path : cleanPath(`${folder}/${path}`))),
        );
        delete fields[field];
      }
      config[section].set(name, { ...entry, fields });
    }
}

/** Secrets and data are not shown (ShortenConfig and RedactSecrets). */
function redact(config: Config): void {
  for (const section of ["users", "clusters"] as const)
    for (const [name, entry] of config[section]) config[section].set(name, redacted(entry));
}

function redacted(entry: Entry): Entry {
  const shown = (field: string, value: Json | undefined): Json | undefined => {
    if (byteFields.includes(field)) return "DATA+OMITTED";
    return field === "token" || field === "password" ? "REDACTED" : value;
  };
  const fields = Object.entries(entry.fields).map(([field, value]) => [field, shown(field, value)]);
  return { ...entry, fields: Object.fromEntries(fields) as JsonObject };
}
