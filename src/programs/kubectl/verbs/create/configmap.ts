import { base64Of } from "../../../../base/base64.ts";
import { bytesOf } from "../../../../base/text-bytes.ts";
import { contentHash } from "../../content-hash.ts";
import { dataFlags, dataFlagsProblem, dataOf, isText } from "../../data-sources.ts";
import type { Verb } from "../../define.ts";
import { boolFlag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";

const flags = {
  ...generatorFlags,
  ...dataFlags,
  "append-hash": boolFlag("Put a hash of the content behind the name."),
};

/** Makes a ConfigMap of files and literals. */
export const configmap: Verb<typeof flags> = {
  path: ["create", "configmap"],
  aliases: ["cm"],
  usage: "create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  short: "Create a config map from a local file, directory or literal value",
  examples: [
    "kubectl create configmap my-config --from-file=path/to/bar",
    "kubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt",
    "kubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2",
    "kubectl create configmap my-config --from-env-file=path/to/foo.env",
  ],
  flags,
  config: "whole",
  check: ({ args, dash, flags: values }) => nameProblem(args, dash) ?? dataFlagsProblem(values),
  *run(context, { args: [name = ""], flags: values }) {
    const all = dataOf(context, values, {
      badKey: (key, problems) => `"${key}" is not a valid key name for a ConfigMap: ${problems.join(",")}`,
      doubleKey: (key) =>
        `cannot add key "${key}", another key by that name already exists in Data for ConfigMap "${name}"`,
    });
    const texts = [...all].filter(([, text]) => isText(text));
    const binaries = [...all].filter(([, text]) => !isText(text)).map(([key, text]) => [key, base64Of(bytesOf(text))]);
    const data = texts.length > 0 ? { data: Object.fromEntries(texts) } : {};
    const binaryData = binaries.length > 0 ? { binaryData: Object.fromEntries(binaries) } : {};
    const hashed = { kind: "ConfigMap", name, data: data.data ?? "", ...binaryData };
    const fullName = values["append-hash"] ? `${name}-${contentHash(hashed)}` : name;
    const metadata = generatedMetadata(context, fullName);
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, ...data, ...binaryData };
    yield* createGenerated(context, values, { object, plural: "configmaps", failed: "failed to create configmap: " });
  },
};
