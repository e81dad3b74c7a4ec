import { dataFlags, dataFlagsProblem, dataOf } from "../../../data-sources.ts";
import type { Verb } from "../../../define.ts";
import { textFlag } from "../../../flag-types.ts";
import { appendHashFlag, generatedSecret } from "../../../generate-secret.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../../generator.ts";

const flags = {
  ...generatorFlags,
  ...dataFlags,
  "append-hash": appendHashFlag,
  type: textFlag("The type of the secret."),
};

/** Makes a Secret of files and literals. */
export const generic: Verb<typeof flags> = {
  path: ["create", "secret", "generic"],
  usage:
    "create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  short: "Create a secret from a local file, directory, or literal value",
  examples: [
    "kubectl create secret generic my-secret --from-file=path/to/bar",
    "kubectl create secret generic my-secret --from-literal=key1=supersecret --from-literal=key2=topsecret",
    "kubectl create secret generic my-secret --from-env-file=path/to/foo.env",
  ],
  flags,
  config: "whole",
  check: ({ args, dash, flags: values }) => nameProblem(args, dash) ?? dataFlagsProblem(values),
  *run(context, { args: [name = ""], flags: values }) {
    const texts = dataOf(context, values, {
      badKey: (key, problems) => `"${key}" is not valid key name for a Secret ${problems.join(";")}`,
      doubleKey: (key) => `cannot add key ${key}, another key by that name already exists`,
    });
    const options = { type: values.type, appendHash: values["append-hash"] };
    yield* createGenerated(context, values, generatedSecret(context, name, texts, options));
  },
};
