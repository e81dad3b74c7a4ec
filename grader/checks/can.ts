import type { Check } from "../define.ts";
import { userNamed } from "../words.ts";
import { flag, listOf, may, must, text } from "../yaml/fields.ts";

const fields = {
  can: must(text),
  as: must(text),
  groups: may(listOf(text)),
  namespace: may(text),
  name: may(text),
  allowed: may(flag),
};

/** What `kubectl auth can-i --as` would say: `can: get,list pods/log, as: serviceaccount/robot, namespace: shop`. */
export const can: Check<typeof fields> = {
  name: "can",
  fields,
  problem: ({ can }) => (/^[\w*,-]+ [\w.*/-]+$/.test(can) ? undefined : `${can} is nothing like get,list pods`),
  examine(view, values) {
    const [verbs = "", word = ""] = values.can.split(" ");
    const [resourceWord = "", subresource] = word.split("/");
    const { group, plural } = resourceWord === "*" ? { group: "*", plural: "*" } : view.kind(resourceWord);
    const user = userNamed(values.as, values.namespace, values.groups);
    const expected = values.allowed ?? true;
    for (const verb of verbs.split(",")) {
      const allowed = view.can(user, {
        verb,
        group,
        resource: plural,
        ...(subresource !== undefined && { subresource }),
        ...(values.namespace !== undefined && { namespace: values.namespace }),
        ...(values.name !== undefined && { name: values.name }),
      });
      if (allowed === expected) continue;
      const where = values.namespace === undefined ? "in all namespaces" : `in namespace ${values.namespace}`;
      return `${user.name} ${allowed ? "may" : "may not"} ${verb} ${word} ${where}`;
    }
    return undefined;
  },
};
