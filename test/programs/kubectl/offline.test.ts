import { expect, test } from "vitest";
import { difference, offlineCases } from "./offline.ts";

/** The recordings are of kubectl 1.33.1; ours says that it is 1.35. */
const cases = offlineCases.map((one) => ({
  ...one,
  stdout: one.stdout
    .replace("Client Version: v1.33.1", "Client Version: v1.35.0")
    .replace("Kustomize Version: v5.6.0", "Kustomize Version: v5.7.1"),
}));

test.each(cases.map((one) => [one.cmd, one] as const))("%s", (_cmd, one) => {
  expect(difference(one)).toBeUndefined();
});
