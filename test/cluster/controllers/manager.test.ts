import { expect, test } from "vitest";
import { MILLISECOND } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { startControllers } from "../../../src/cluster/controllers/manager.ts";
import type { ConfigMap } from "../../../src/kinds/types/core.ts";
import { world } from "./setup.ts";

/** How often a controller looks at an object that changes every so many milliseconds, and what it saw last. */
function looksAt(changes: number, everyMilliseconds: number): { looks: number; last: string | undefined } {
  const { api, clock } = world({ only: [] });
  const seen = { looks: 0, last: undefined as string | undefined };
  const tools = { clock, random: new Random("looks"), flags: {}, rootCertificate: () => "" };
  const reconcile = (_: unknown, object: ConfigMap | undefined) => {
    seen.looks++;
    seen.last = object?.data?.count;
    return undefined;
  };
  startControllers([{ name: "counting-controller", for: "configmaps", reconcile }], () => api, tools);
  const made = api.create<ConfigMap>({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default" },
  });
  for (let i = 1; i <= changes; i++) {
    api.modify(made, (now) => ({ ...now, data: { count: String(i) } }));
    clock.run(clock.now + everyMilliseconds * MILLISECOND);
  }
  clock.run(clock.now + 200 * MILLISECOND);
  return seen;
}

test("an object that changes now and then is looked at each time", () => {
  expect(looksAt(100, 10)).toEqual({ looks: 100, last: "100" });
});

test("one that changes all the time is looked at once in a slice of time, and at last as it is", () => {
  const { looks, last } = looksAt(500, 2);
  expect(last).toBe("500");
  expect(looks).toBeGreaterThan(16);
  expect(looks).toBeLessThan(40);
});
