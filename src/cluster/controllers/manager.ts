import { MILLISECOND } from "../../base/clock.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import { type Api, type Change, Unreachable } from "../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Key } from "./define.ts";

/** More looks at one object at one instant than any controller needs: two of them undo each other's work. */
const RESTLESS = 2_000;

/** client-go's default rate limiter for work queues (1.35): from 5 ms, doubling, up to 1000 s. */
const FIRST_RETRY = 5 * MILLISECOND;
const LAST_RETRY = 1_000_000 * MILLISECOND;

/** A controller at work: a queue of keys, each at most once, looked at one after the other. */
class Worker {
  private readonly controller: Controller;
  private readonly api: Api;
  private readonly tools: ControllerTools;
  private readonly queue = new Map<string, Key>();
  private readonly failures = new Map<string, number>();
  private scheduled = false;
  private stopped = false;
  private restlessAt = -1;
  private looks = 0;
  private readonly stops: (() => void)[] = [];

  constructor(controller: Controller, api: Api, tools: ControllerTools) {
    this.controller = controller;
    this.api = api;
    this.tools = tools;
  }

  start(): void {
    const { controller, api } = this;
    this.watch(controller.for, ({ object, old, type }) => {
      if (type === "MODIFIED" && controller.concerns && !controller.concerns(object, old)) return;
      this.add(keyOf(object));
    });
    for (const owned of controller.owns ?? [])
      this.watch(owned, (change) => {
        for (const object of change.old ? [change.old, change.object] : [change.object]) this.addOwner(object);
      });
    for (const { resource, keys } of controller.watches ?? [])
      this.watch(resource, ({ object, old }) => {
        for (const key of keys(object, api, old)) this.add(key);
      });
  }

  private watch(resource: string, handler: (change: Change) => void): void {
    this.stops.push(this.api.watch(resource, handler));
  }

  stop(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
  }

  private addOwner(object: KubeObject): void {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
    if (owner) this.add({ namespace: object.metadata.namespace ?? "", name: owner.name });
  }

  private add(key: Key): void {
    this.queue.set(`${key.namespace}/${key.name}`, key);
    this.wake();
  }

  private wake(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    this.tools.clock.soon(() => {
      this.scheduled = false;
      this.work();
    });
  }

  private work(): void {
    if (this.stopped) return;
    const batch = [...this.queue];
    this.queue.clear();
    for (const [id, key] of batch) this.look(id, key);
  }

  private look(id: string, key: Key): void {
    this.guard();
    const { controller, api, tools } = this;
    try {
      const object = api.get(controller.for, key.namespace || undefined, key.name);
      const again: Again | undefined = controller.reconcile(api, object, key, tools);
      this.failures.delete(id);
      if (again) tools.clock.after(again.againIn, () => this.add(key));
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      const failures = this.failures.get(id) ?? 0;
      this.failures.set(id, failures + 1);
      const wait = Math.min(FIRST_RETRY * 2 ** failures, LAST_RETRY);
      tools.clock.at(tools.clock.now + wait, () => this.add(key));
    }
  }

  private guard(): void {
    const { now } = this.tools.clock;
    if (now !== this.restlessAt) {
      this.restlessAt = now;
      this.looks = 0;
    }
    if (++this.looks <= RESTLESS) return;
    const limit = 20 * this.api.list(this.controller.for).length;
    if (this.looks > limit) throw new Error(`${this.controller.name} does not come to rest`);
  }
}

function keyOf(object: KubeObject): Key {
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

/** Starts controllers, each with a connection as its own service account. The returned function stops them all. */
export function startControllers(
  controllers: readonly Controller[],
  connect: (name: string) => Api,
  tools: ControllerTools,
): () => void {
  const workers = controllers.map((controller) => new Worker(controller, connect(controller.name), tools));
  for (const worker of workers) worker.start();
  return () => {
    for (const worker of workers) worker.stop();
  };
}
