import type { Verb } from "../../define.ts";
import { CommandFault, HelpFault } from "../../faults.ts";
import { boolFlag } from "../../flag-types.ts";
import { changedFields, changeFile, editConfig, writeCurrentContext, writeEntry } from "../../kubeconfig/edit.ts";
import { mapText, propertyNamed, propertyValue } from "../../kubeconfig/property.ts";

const flags = {
  "set-raw-bytes": boolFlag("Take the value of a field of bytes as it is, not as base64."),
};

export const set: Verb<typeof flags> = {
  path: ["config", "set"],
  usage: "config set PROPERTY_NAME PROPERTY_VALUE [options]",
  short: "Set an individual value in a kubeconfig file",
  long: "Set an individual value in a kubeconfig file. PROPERTY_NAME is a dotted name: contexts.staging.namespace.",
  examples: [
    "kubectl config set clusters.my-cluster.server https://1.2.3.4",
    "kubectl config set contexts.my-context.namespace dev",
  ],
  flags,
  config: "none",
  check: ({ args }) => (args.length === 2 ? undefined : new HelpFault(`Unexpected args: [${args.join(" ")}]`)),
  *run(context, { flags: values, args: [path = "", value = ""] }) {
    const editing = editConfig(context);
    const property = propertyNamed(path);
    switch (property.kind) {
      case "current-context":
        writeCurrentContext(context, editing, value);
        break;
      case "preferences":
        changeFile(context.proc, editing.files.main, (file) => {
          if (property.field === "colors")
            file.preferences = { colors: propertyValue("disable-compression", value, false) };
        });
        break;
      case "section":
      case "entry":
        throw new CommandFault(`can't set a map to a value: ${mapText(editing.config, property.section)}`);
      case "field": {
        const { section, name, field } = property;
        const changes = { [field]: propertyValue(field, value, values["set-raw-bytes"]) };
        writeEntry(context, editing, section, name, changedFields(editing.config[section].get(name), changes));
      }
    }
    context.out.line(`Property "${path}" set.`);
  },
};
