import type { Check } from "../define.ts";
import { nameOf, reference, referenceProblem } from "../words.ts";
import { may, must, text } from "../yaml/fields.ts";

const fields = { rollout: must(text), namespace: may(text) };

/** A rollout is complete, as `kubectl rollout status` sees it: `rollout: deployment/web`. */
export const rollout: Check<typeof fields> = {
  name: "rollout",
  fields,
  problem: ({ rollout }) => referenceProblem(rollout),
  examine(view, values) {
    const wanted = reference(view, values.rollout, values.namespace);
    const found = view.find(wanted);
    if (!found) return `there is no ${nameOf(wanted)}`;
    if (!wanted.kind.rollout) return `a ${wanted.kind.kind} has no rollouts`;
    try {
      const { done, text } = wanted.kind.rollout.status(found);
      return done ? undefined : text;
    } catch (error) {
      // The kind says in an Error why a rollout has failed.
      return error instanceof Error ? error.message : String(error);
    }
  },
};
