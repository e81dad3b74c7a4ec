import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../src/base/clock.ts";
import { rfc3339 } from "../../../../src/base/time.ts";
import { backOffAfter, noBackOff, waitAfter } from "../../../../src/cluster/controllers/job/back-off.ts";
import { endedAt } from "../../../../src/cluster/controllers/job/pods.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { podNamed, start } from "../setup.ts";

const at = (seconds: number) => start + seconds * SECOND;
const time = (seconds: number) => rfc3339(at(seconds));
const ended = (seconds?: number) => ({
  name: "c",
  state: { terminated: { exitCode: 1, ...(seconds === undefined ? {} : { finishedAt: time(seconds) }) } },
});
const running = { name: "c", state: { running: {} } };
const pod = (status: object, metadata: object = {}) =>
  ({ ...podNamed("p"), metadata: { name: "p", namespace: "default", ...metadata }, status }) as Pod;
const endedPods = (times: readonly number[]) => times.map((seconds) => pod({ containerStatuses: [ended(seconds)] }));

describe("how long a job waits, case by case of pkg/controller/job/backoff_utils_test.go (1.35)", () => {
  test.each([
    ["one new failure", 0, [], [0], 1, 0],
    ["two new failures", 0, [], [0, -1], 2, 0],
    ["two failures followed by success", 0, [0], [-2, -1], 0, undefined],
    ["two failures, one success and two more failures", 0, [-2], [0, -4, -3, -1], 2, 0],
    ["failure count 2 and one new failure", 2, [], [0], 3, 0],
    ["success and failure at the same time", 0, [0], [0], 0, undefined],
    ["no success or failure", 0, [], [], 0, undefined],
    ["one success", 0, [0], [], 0, undefined],
  ])("TestNewBackoffRecord: %s", (_name, before, won, lost, failures, last) => {
    const known = before ? { failures: before, lastAt: undefined } : noBackOff;
    const lastAt = last === undefined ? undefined : at(last);
    expect(backOffAfter(known, endedPods(won), endedPods(lost))).toEqual({ failures, lastAt });
  });

  const ready = (status: string, seconds: number) => [{ type: "Ready", status, lastTransitionTime: time(seconds) }];
  test.each([
    ["all containers have ended", pod({ containerStatuses: [ended(-1), ended(0), ended(-2)] }), 0],
    ["one still runs", pod({ containerStatuses: [ended(-1), running] }, { deletionTimestamp: time(0) }), 0],
    [
      "the deletion less the grace period",
      pod({ containerStatuses: [running] }, { deletionTimestamp: time(0), deletionGracePeriodSeconds: 30 }),
      -30,
    ],
    ["when it was ready last", pod({ containerStatuses: [ended()], conditions: ready("False", 0) }), 0],
    [
      "it is said to be ready",
      pod({ containerStatuses: [ended()], conditions: ready("True", -30) }, { deletionTimestamp: time(0) }),
      0,
    ],
    ["the creation", pod({ containerStatuses: [ended()] }, { creationTimestamp: time(0) }), 0],
    ["a sidecar ends last", pod({ containerStatuses: [ended(-1)], initContainerStatuses: [ended(0)] }), 0],
  ])("TestGetFinishedTime: %s", (_name, one, seconds) => {
    expect(endedAt(one)).toBe(at(seconds));
  });

  // The first wait is 10 s and the longest 10 min there, 5 s and 700 s in the test.
  test.each([
    ["no failures", 0, 0, 0],
    ["one failure", 1, 0, 10],
    ["one failure, a second later", 1, 1, 9],
    ["one failure, when the wait is over", 1, 10, 0],
    ["one failure, after that", 1, 11, 0],
    ["three failures", 3, 0, 40],
    ["six failures", 6, 0, 320],
    ["seven failures", 7, 0, 600],
  ])("TestGetRemainingBackoffTime: %s", (_name, failures, later, wait) => {
    expect(waitAfter(failures, failures ? at(0) : undefined, at(later))).toBe(wait * SECOND);
  });
});
