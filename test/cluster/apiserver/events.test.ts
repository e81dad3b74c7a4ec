import { describe, expect, test } from "vitest";
import { SECOND } from "../../../src/base/clock.ts";
import type { UserInfo } from "../../../src/cluster/apiserver/define.ts";
import type { Event } from "../../../src/kinds/types/core.ts";
import { admin, podNamed, world } from "./setup.ts";

const kubelet: UserInfo = { name: "system:node:w1", groups: ["system:nodes", "system:masters"] };
const pulled = { type: "Normal", reason: "Pulled", message: "Pulled image" } as const;

function open() {
  const w = world();
  const pod = w.api.create(podNamed("p"));
  const events = () => w.api.list<Event>("events", "default");
  const later = (seconds: number) => w.clock.run(w.clock.now + seconds * SECOND);
  return { ...w, pod, events, later, node: w.server.client(kubelet, "kubelet") };
}

describe("recorded events", () => {
  test("have the form of client-go's", () => {
    const { node, pod, events } = open();
    node.event(pod, { ...pulled, fieldPath: "spec.containers{web}" });
    expect(events()).toEqual([
      {
        apiVersion: "v1",
        kind: "Event",
        metadata: {
          name: expect.stringMatching(/^p\.[0-9a-f]{16}$/),
          namespace: "default",
          uid: expect.any(String),
          resourceVersion: expect.any(String),
          creationTimestamp: "2026-01-02T03:04:05Z",
        },
        involvedObject: {
          kind: "Pod",
          namespace: "default",
          name: "p",
          uid: pod.metadata.uid,
          apiVersion: "v1",
          resourceVersion: pod.metadata.resourceVersion,
          fieldPath: "spec.containers{web}",
        },
        reason: "Pulled",
        message: "Pulled image",
        source: { component: "kubelet", host: "w1" },
        firstTimestamp: "2026-01-02T03:04:05Z",
        lastTimestamp: "2026-01-02T03:04:05Z",
        count: 1,
        type: "Normal",
        eventTime: null,
        reportingComponent: "kubelet",
        reportingInstance: "w1",
      },
    ]);
  });

  test("the same again is counted", () => {
    const { node, pod, events, later } = open();
    node.event(pod, pulled);
    later(20);
    node.event(pod, pulled);
    node.event(pod, { ...pulled, message: "other" });
    expect(events().map(({ count, message }) => `${count} ${message}`)).toEqual(["2 Pulled image", "1 other"]);
    expect(events()[0]).toMatchObject({
      firstTimestamp: "2026-01-02T03:04:05Z",
      lastTimestamp: "2026-01-02T03:04:25Z",
    });
  });

  test("many similar ones are combined, too many are dropped", () => {
    const { node, pod, events } = open();
    for (let i = 0; i < 12; i++) node.event(pod, { ...pulled, message: `image ${i}` });
    expect(events()).toHaveLength(10);
    expect(events().at(-1)).toMatchObject({ count: 3, message: "(combined from similar events): image 11" });
    for (let i = 0; i < 30; i++) node.event(pod, { ...pulled, reason: `R${i}` });
    expect(events().filter(({ reason }) => reason?.startsWith("R"))).toHaveLength(25 - 12);
  });

  test("of something without a namespace stand in default", () => {
    const { api, events } = open();
    const node = api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "w1" }, spec: {} });
    api.event(node, { type: "Warning", reason: "Rebooted", message: "m" });
    expect(events()[0]?.involvedObject).toMatchObject({ kind: "Node", name: "w1" });
  });

  test("with an action they are series of events.k8s.io", () => {
    const { server, pod, events, later } = open();
    const scheduler = server.client(admin, "default-scheduler");
    const failed = {
      type: "Warning",
      reason: "FailedScheduling",
      message: "0/1",
      action: "Scheduling",
      instance: "cp",
    } as const;
    scheduler.event(pod, failed);
    expect(events()[0]).toMatchObject({
      eventTime: "2026-01-02T03:04:05.000000Z",
      firstTimestamp: null,
      lastTimestamp: null,
      action: "Scheduling",
      source: {},
      reportingComponent: "default-scheduler",
      reportingInstance: "default-scheduler-cp",
    });
    later(60);
    scheduler.event(pod, failed);
    expect(events()).toHaveLength(1);
    expect(events()[0]?.series).toEqual({ count: 2, lastObservedTime: "2026-01-02T03:05:05.000000Z" });
    later(361);
    scheduler.event(pod, failed);
    expect(events()).toHaveLength(2);
  });

  test("end after an hour, or --event-ttl, and are then new again", () => {
    const { node, pod, events, later, api } = open();
    const gone: string[] = [];
    api.watch("events", ({ type, object }) => gone.push(`${type} ${object.metadata.name.slice(0, 1)}`));
    node.event(pod, pulled);
    later(3000);
    node.event(pod, pulled);
    later(3000);
    expect(events()).toHaveLength(1);
    later(601);
    expect(events()).toHaveLength(0);
    expect(gone).toEqual(["ADDED p", "MODIFIED p", "DELETED p"]);
    node.event(pod, pulled);
    expect(events()).toMatchObject([{ count: 3 }]);
    const short = world({ flags: { "event-ttl": "10m0s" } });
    short.api.event(short.api.create(podNamed("p")), pulled);
    short.clock.run(short.clock.now + 601 * SECOND);
    expect(short.api.list("events")).toHaveLength(0);
  });
});
