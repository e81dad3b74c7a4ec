import type { JsonObject } from "../../../../base/json.ts";
import { labelSelectorFields } from "../../../../base/parse-selector.ts";
import type { Verb } from "../../define.ts";
import { textFlag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";

const flags = {
  ...generatorFlags,
  "max-unavailable": textFlag("How many pods may be missing, a number or a share."),
  "min-available": textFlag("How many pods must be there, a number or a share."),
  selector: textFlag("The label selector of the pods."),
};

/** Makes a pod disruption budget. */
export const poddisruptionbudget: Verb<typeof flags> = {
  path: ["create", "poddisruptionbudget"],
  aliases: ["pdb"],
  usage: "create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
  short: "Create a pod disruption budget with the specified name",
  examples: [
    "kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1",
    "kubectl create pdb my-pdb --selector=app=nginx --min-available=50%",
  ],
  flags,
  config: "whole",
  check({ args, dash, flags: { selector, "min-available": least, "max-unavailable": most } }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    if (selector === "") return "a selector must be specified";
    if (least === "" && most === "") return "one of min-available or max-unavailable must be specified";
    if (least !== "" && most !== "") return "min-available and max-unavailable cannot be both specified";
    if (least !== "" && !share.test(least)) return "invalid format specified for min-available";
    if (most !== "" && !share.test(most)) return "invalid format specified for max-unavailable";
    return undefined;
  },
  *run(context, { args: [name = ""], flags: values }) {
    const selector = labelSelectorFields(values.selector) as JsonObject;
    const [least, most] = [values["min-available"], values["max-unavailable"]];
    const object = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: generatedMetadata(context, name),
      spec: { ...(least === "" ? { maxUnavailable: amount(most) } : { minAvailable: amount(least) }), selector },
    };
    const failed = "failed to create poddisruptionbudgets: ";
    yield* createGenerated(context, values, { object, plural: "poddisruptionbudgets", failed });
  },
};

const share = /^[0-9]+%?$/;

function amount(text: string): number | string {
  return text.endsWith("%") ? text : Number(text);
}
