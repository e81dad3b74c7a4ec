import { describe, expect, test } from "vitest";
import { withinCapacity } from "../../../../src/cluster/controllers/endpoints-capacity.ts";
import { TriggerTimes } from "../../../../src/cluster/controllers/trigger-times.ts";
import type { Endpoints, Service } from "../../../../src/kinds/types/core.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { podNamed } from "../setup.ts";

const time = (minute: number) => `2026-01-02T03:${String(minute).padStart(2, "0")}:00Z`;
const service = (created: number) =>
  ({ metadata: { name: "s", namespace: "n", creationTimestamp: time(created) } }) as Service;
const pods = (ready: Readonly<Record<string, number>>): Pod[] =>
  Object.entries(ready).map(([name, minute]) => ({
    ...podNamed(name),
    status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: time(minute) }] },
  }));

describe("when endpoints came to be, case by case of k8s.io/endpointslice/util/trigger_time_tracker_test.go (0.35)", () => {
  // The looks one after the other: the service's creation, the pods' readiness, what is told.
  type Look = readonly [created: number, ready: Readonly<Record<string, number>>, told: number | undefined];
  test.each<[string, readonly Look[]]>([
    ["new service without pods", [[0, {}, 0]]],
    ["a service that is older than its pods", [[0, { p1: 1 }, 0]]],
    ["a service that is younger than its pods", [[1, { p1: 0 }, 1]]],
    [
      "a pod comes",
      [
        [0, {}, 0],
        [0, { p1: 1 }, 1],
      ],
    ],
    [
      "nothing changes",
      [
        [0, { p1: 1 }, 0],
        [0, { p1: 1 }, undefined],
      ],
    ],
    [
      "of several changes the first",
      [
        [0, { p1: 1, p2: 2 }, 0],
        [0, { p1: 5, p2: 4, p3: 6 }, 4],
      ],
    ],
    [
      "a pod goes",
      [
        [0, { p1: 1, p2: 2 }, 0],
        [0, { p1: 1 }, undefined],
      ],
    ],
    [
      "a service made anew",
      [
        [0, { p1: 1 }, 0],
        [5, { p1: 1 }, 5],
      ],
    ],
  ])("%s", (_name, looks) => {
    const times = new TriggerTimes();
    for (const [created, ready, told] of looks)
      expect(times.of(service(created), pods(ready))).toBe(told === undefined ? undefined : time(told));
  });

  test("a service that is gone is forgotten", () => {
    const times = new TriggerTimes();
    times.of(service(0), pods({ p1: 1 }));
    times.forget("n", "s");
    expect(times.of(service(0), pods({ p1: 1 }))).toBe(time(0));
  });
});

describe("endpoints of more than 1000 addresses (endpoints_controller.go truncateEndpoints, 1.35)", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ip: `10.0.${i >> 8}.${i & 255}` }));
  test.each<[string, readonly (readonly [number, number])[], readonly (readonly [number, number])[] | undefined]>([
    ["as many as fit", [[500, 500]], undefined],
    ["too many that are not ready", [[700, 400]], [[700, 300]]],
    ["too many that are ready", [[1001, 5]], [[1000, 0]]],
    [
      "each its share",
      [
        [400, 400],
        [400, 400],
      ],
      [
        [400, 100],
        [400, 100],
      ],
    ],
    [
      "the last has what is left",
      [
        [501, 0],
        [1000, 0],
      ],
      [
        [334, 0],
        [666, 0],
      ],
    ],
  ])("%s", (_name, before, after) => {
    const subsets: NonNullable<Endpoints["subsets"]> = before.map(([ready, waiting]) => ({
      addresses: many(ready),
      notReadyAddresses: many(waiting),
    }));
    const counts = withinCapacity(subsets)?.map((s) => [s.addresses?.length ?? 0, s.notReadyAddresses?.length ?? 0]);
    expect(counts).toEqual(after);
  });
});
