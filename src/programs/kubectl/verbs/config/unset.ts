import type { Verb } from "../../define.ts";
import { CommandFault, HelpFault } from "../../faults.ts";
import { changedFields, changeFile, editConfig, writeCurrentContext, writeEntry } from "../../kubeconfig/edit.ts";
import { propertyNamed } from "../../kubeconfig/property.ts";

export const unset: Verb = {
  path: ["config", "unset"],
  usage: "config unset PROPERTY_NAME [options]",
  short: "Unset an individual value in a kubeconfig file",
  config: "none",
  long: "Unset an individual value in a kubeconfig file. PROPERTY_NAME is a dotted name: contexts.staging.namespace.",
  examples: ["kubectl config unset current-context", "kubectl config unset contexts.foo.namespace"],
  check: ({ args }) => (args.length === 1 ? undefined : new HelpFault(`Unexpected args: [${args.join(" ")}]`)),
  *run(context, { args: [path = ""] }) {
    const editing = editConfig(context);
    const { config, files } = editing;
    const property = propertyNamed(path);
    switch (property.kind) {
      case "current-context":
        writeCurrentContext(context, editing, "");
        break;
      case "preferences":
        changeFile(context.proc, files.main, (file) => {
          file.preferences = {};
        });
        break;
      case "section":
        for (const name of [...config[property.section].keys()])
          writeEntry(context, editing, property.section, name, undefined);
        break;
      case "entry":
        if (config[property.section].has(property.name))
          writeEntry(context, editing, property.section, property.name, undefined);
        break;
      case "field": {
        const { section, name, field } = property;
        const entry = config[section].get(name);
        if (!entry) throw new CommandFault(`current map key \`${name}\` is invalid`);
        writeEntry(context, editing, section, name, changedFields(entry, { [field]: undefined }));
      }
    }
    context.out.line(`Property "${path}" unset.`);
  },
};
