import { expect, test } from "vitest";
import { type PolicyRule, ruleText, uncovered } from "../../../src/programs/kubectl/rule-cover.ts";

const pods: PolicyRule = { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] };

const cases: readonly (readonly [what: string, owner: readonly PolicyRule[], wanted: PolicyRule, missing: string[]])[] =
  [
    [
      "nothing allows nothing",
      [],
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
      ["{Verbs:[get] APIGroups:[apps] Resources:[deployments] ResourceNames:[] NonResourceURLs:[]}"],
    ],
    ["a rule allows itself", [pods], pods, []],
    [
      "one verb more",
      [pods],
      { ...pods, resources: ["pods"], verbs: ["get", "delete"] },
      ["{Verbs:[delete] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}"],
    ],
    ["stars allow all", [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }], pods, []],
    [
      "a star before a subresource",
      [{ apiGroups: [""], resources: ["*/log"], verbs: ["get", "list"] }],
      pods,
      [
        "{Verbs:[get] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}",
        "{Verbs:[list] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}",
      ],
    ],
    [
      "a name does not allow all names",
      [{ ...pods, resourceNames: ["a"] }],
      { ...pods, resources: ["pods"], verbs: ["get"] },
      ["{Verbs:[get] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}"],
    ],
    ["all names allow one", [pods], { ...pods, resourceNames: ["a"] }, []],
    [
      "paths",
      [{ nonResourceURLs: ["/healthz/*"], verbs: ["get"] }],
      { nonResourceURLs: ["/healthz/a", "/metrics"], verbs: ["get"] },
      ["{Verbs:[get] APIGroups:[] Resources:[] ResourceNames:[] NonResourceURLs:[/metrics]}"],
    ],
  ];

test.each(cases)("%s", (_, owner, wanted, missing) => {
  expect(uncovered(owner, [wanted]).map(ruleText)).toEqual(missing);
});
