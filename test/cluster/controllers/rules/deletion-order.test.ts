import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../src/base/clock.ts";
import { rfc3339 } from "../../../../src/base/time.ts";
import { deletionOrder } from "../../../../src/cluster/controllers/replica-set-order.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { podNamed, start } from "../setup.ts";

const HOUR = 3600;
const MONTH = 30 * 24 * HOUR;

interface Facts {
  readonly node?: string;
  readonly ready?: boolean;
  readonly restarts?: number;
  readonly sidecarRestarts?: number;
  /** Seconds before now. */
  readonly since?: number;
  readonly created?: number;
  readonly cost?: string;
}

function pod(name: string, phase: string, facts: Facts = {}): Pod {
  const { node = "node", ready = false, restarts = 0, sidecarRestarts, since, created, cost } = facts;
  const ago = (seconds: number) => rfc3339(start - seconds * SECOND);
  const time = since === undefined ? {} : { lastTransitionTime: ago(since) };
  const sidecar = { name: "s", image: "s", restartPolicy: "Always" };
  return {
    ...podNamed(name, {
      ...(node ? { nodeName: node } : {}),
      ...(sidecarRestarts === undefined ? {} : { initContainers: [sidecar] }),
    }),
    metadata: {
      name,
      uid: name,
      ...(created === undefined ? {} : { creationTimestamp: ago(created) }),
      ...(cost === undefined ? {} : { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    status: {
      phase,
      ...(ready ? { conditions: [{ type: "Ready", status: "True", ...time }] } : {}),
      ...(ready ? { containerStatuses: [{ name: "web", restartCount: restarts }] } : {}),
      ...(sidecarRestarts === undefined
        ? {}
        : { initContainerStatuses: [{ name: "s", restartCount: sidecarRestarts }] }),
    },
  } as Pod;
}

const unscheduled = pod("unscheduled", "Pending", { node: "" });
const pending = pod("pending", "Pending");
const unknown = pod("unknown-phase", "Unknown");
const notReady = pod("not-ready", "Running");
const untimed = pod("ready-no-last-transition-time", "Running", { ready: true });
const readyNow = pod("ready-now", "Running", { ready: true, since: 0, created: 0 });
const readyThen = pod("ready-then", "Running", { ready: true, since: MONTH, created: MONTH });
const restarting = pod("ready-high-restarts", "Running", { ready: true, restarts: 9001, since: 0, created: 0 });
const createdThen = pod("ready-now-created-then", "Running", { ready: true, since: 0, created: MONTH });
const cheap = pod("low-deletion-cost", "Running", { ready: true, since: 0, created: MONTH, cost: "10" });
const dear = pod("high-deletion-cost", "Running", { ready: true, since: 0, created: MONTH, cost: "100" });
const twoHours = pod("ready-2-hours", "Running", { node: "", ready: true, since: 2 * HOUR, created: MONTH });
const fiveHours = pod("ready-5-hours", "Running", { node: "", ready: true, since: 5 * HOUR, created: MONTH });
const eightHours = pod("ready-10-hours", "Running", { node: "", ready: true, since: 8 * HOUR, created: MONTH });
const calmSidecar = pod("calm-sidecar", "Running", { ready: true, since: 0, created: 0, sidecarRestarts: 0 });
const wildSidecar = pod("wild-sidecar", "Running", { ready: true, since: 0, created: 0, sidecarRestarts: 3 });

describe("who goes first, case by case of pkg/controller/controller_utils_test.go TestSortingActivePodsWithRanks (1.35)", () => {
  test.each([
    [unscheduled, 1, pending, 2],
    [unscheduled, 2, pending, 1],
    [pending, 1, unknown, 2],
    [unknown, 1, notReady, 2],
    [notReady, 1, untimed, 1],
    [untimed, 1, readyNow, 1],
    [readyNow, 2, untimed, 1],
    [readyNow, 1, readyThen, 1],
    [readyNow, 2, readyThen, 1],
    [restarting, 1, readyNow, 1],
    [readyNow, 2, restarting, 1],
    [readyNow, 1, createdThen, 1],
    [createdThen, 2, readyNow, 1],
    [cheap, 2, dear, 1],
    [twoHours, 1, fiveHours, 1],
    [wildSidecar, 1, calmSidecar, 1],
  ])("$metadata.name (%#)", (first, itsRank, second, otherRank) => {
    const rank = (one: Pod) => (one === first ? itsRank : otherRank);
    for (const pods of [
      [first, second],
      [second, first],
    ])
      expect(deletionOrder(pods, rank, start)).toEqual([first, second]);
  });

  test("within an order of magnitude the uid decides, not the age", () => {
    const order = deletionOrder([fiveHours, eightHours], () => 1, start);
    expect(order).toEqual([eightHours, fiveHours]);
    expect(fiveHours.metadata.uid && eightHours.metadata.uid && eightHours.metadata.uid < fiveHours.metadata.uid).toBe(
      true,
    );
  });
});
