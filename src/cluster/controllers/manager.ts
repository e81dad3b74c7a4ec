import { MILLISECOND, type Micros, SECOND, type Timer } from "../../base/clock.ts";
import { type Kind, resourceName } from "../../kinds/define.ts";
import { controllerOf } from "../../kinds/labels.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import { type Api, type Change, Unreachable } from "../apiserver/define.ts";
import type { Controller, ControllerTools, Key, Sentence } from "./define.ts";

/**
 * A look takes time in life, and what changes meanwhile is seen by the next one: after so many looks at an object within
 * one slice of time it has to wait for the next slice, and has one look in each as long as it is that busy.
 */
const LOOKS = 16;
const SLICE = 100 * MILLISECOND;
/** Busy for an hour without a pause: two controllers undo each other's work. */
const RESTLESS = 36_000;

/** client-go's default rate limiter for work queues (1.35): from 5 ms, doubling, up to 1000 s. */
const FIRST_RETRY = 5 * MILLISECOND;
const LAST_RETRY = 1_000_000 * MILLISECOND;

interface Waiting {
  readonly key: Key;
  failures: number;
  timer: Timer | undefined;
  due?: Micros;
}

/** How an object was looked at within a slice of time. */
interface Looks {
  count: number;
  /** It had to wait for the next slice; the slices before in which it had to are counted. */
  readonly busyBefore: number;
  waits: boolean;
}

/** A sentence at work: a queue of keys, each at most once, looked at one after the other. */
class Worker {
  private readonly name: string;
  private readonly sentence: Sentence;
  private readonly api: Api;
  private readonly tools: ControllerTools;
  private readonly onReset: () => void;
  private queue = new Map<string, Key>();
  /** Keys that failed or that are to be looked at later. */
  private readonly waiting = new Map<string, Waiting>();
  private scheduled = false;
  private stopped = false;
  private slice = -1;
  private looks = new Map<string, Looks>();
  private looksBefore = new Map<string, Looks>();
  private nextSlice: Timer | undefined;
  private readonly stops: (() => void)[] = [];

  constructor(name: string, sentence: Sentence, api: Api, tools: ControllerTools, onReset: () => void) {
    this.name = name;
    this.sentence = sentence;
    this.api = api;
    this.tools = tools;
    this.onReset = onReset;
  }

  start(): void {
    const { sentence, api } = this;
    if (sentence.for !== undefined)
      this.watch(sentence.for, ({ object, old, type }) => {
        if (this.stopped) return;
        if (!sentence.concerns || sentence.concerns(object, old, type)) this.add(keyOf(object));
      });
    for (const owned of sentence.owns ?? [])
      this.watch(owned, ({ object, old, type }) => {
        if (this.stopped) return;
        if (sentence.concernsOwner && !sentence.concernsOwner(object, old, type)) return;
        this.addOwner(object);
        if (old && old.metadata.ownerReferences !== object.metadata.ownerReferences) this.addOwner(old);
      });
    for (const { resource, keys } of sentence.watches ?? [])
      this.watch(resource, ({ object, old, type }) => {
        if (this.stopped) return;
        for (const key of keys(object, api, old, type)) this.add(key);
      });
  }

  private watch(resource: string, handler: (change: Change) => void): void {
    this.stops.push(this.api.watch(resource, handler, { onReset: this.onReset }));
  }

  stop(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
    this.nextSlice?.cancel();
    for (const { timer } of this.waiting.values()) timer?.cancel();
  }

  private ownerKind: Kind | undefined;

  private addOwner(object: KubeObject): void {
    const owner = controllerOf(object);
    if (!owner) return;
    this.ownerKind ??= this.api.kinds().find((kind) => resourceName(kind) === this.sentence.for);
    if (owner.kind !== this.ownerKind?.kind || groupOf(owner.apiVersion) !== this.ownerKind.group) return;
    const namespace = this.ownerKind.namespaced ? (object.metadata.namespace ?? "") : "";
    const { gathersFor } = this.sentence;
    if (gathersFor === undefined) this.add({ namespace, name: owner.name });
    else this.addLater({ namespace, name: owner.name }, gathersFor * SECOND);
  }

  /** Looks at an object after a while, unless that happens sooner anyway. */
  private addLater(key: Key, wait: Micros): void {
    const id = idOf(key);
    if (this.queue.has(id)) return;
    const waiting = this.waiting.get(id);
    const due = this.tools.clock.now + wait;
    if (waiting?.timer && (waiting.due ?? due) <= due) return;
    waiting?.timer?.cancel();
    this.later(id, { key, failures: waiting?.failures ?? 0, timer: undefined }, wait);
  }

  private add(key: Key): void {
    this.queue.set(idOf(key), key);
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    this.tools.clock.soon(() => {
      this.scheduled = false;
      this.work();
    });
  }

  private work(): void {
    const batch = this.queue;
    this.queue = new Map();
    for (const [id, key] of batch)
      if (this.stopped) return;
      else if (this.mayLook(id)) this.look(id, key);
      else this.lookNextSlice(id, key);
  }

  private lookNextSlice(id: string, key: Key): void {
    this.queue.set(id, key);
    this.nextSlice ??= this.tools.clock.at((this.slice + 1) * SLICE, () => {
      this.nextSlice = undefined;
      this.work();
    });
  }

  private look(id: string, key: Key): void {
    const { sentence, api, tools } = this;
    const waiting = this.waiting.get(id);
    try {
      const resource = key.resource ?? sentence.for;
      const object = resource === undefined ? undefined : api.get(resource, key.namespace || undefined, key.name);
      const again = sentence.reconcile(api, object, key, tools);
      if (waiting) {
        waiting.timer?.cancel();
        this.waiting.delete(id);
      }
      if (again) this.later(id, { key, failures: 0, timer: undefined }, Math.round(again.againIn * 1000) * MILLISECOND);
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
      const { failures } = waiting ?? { failures: 0 };
      waiting?.timer?.cancel();
      const wait = Math.min(FIRST_RETRY * 2 ** failures, LAST_RETRY);
      this.later(id, { key, failures: failures + 1, timer: undefined }, wait);
    }
  }

  private later(id: string, waiting: Waiting, wait: number): void {
    const { clock } = this.tools;
    this.waiting.set(id, waiting);
    waiting.due = clock.now + Math.max(wait, MILLISECOND);
    waiting.timer = clock.at(waiting.due, () => {
      waiting.timer = undefined;
      this.add(waiting.key);
    });
  }

  private mayLook(id: string): boolean {
    const slice = Math.floor(this.tools.clock.now / SLICE);
    if (slice !== this.slice) {
      this.looksBefore = slice === this.slice + 1 ? this.looks : new Map();
      this.looks = new Map();
      this.slice = slice;
    }
    let looks = this.looks.get(id);
    if (!looks) {
      const before = this.looksBefore.get(id);
      looks = { count: 0, busyBefore: before?.waits ? before.busyBefore + 1 : 0, waits: false };
      this.looks.set(id, looks);
    }
    looks.waits = looks.count >= (looks.busyBefore > 0 ? 1 : LOOKS);
    if (!looks.waits) looks.count++;
    else if (looks.busyBefore > RESTLESS) throw new Error(`${this.name} does not come to rest over ${id}`);
    return !looks.waits;
  }
}

function idOf({ resource, namespace, name }: Key): string {
  return resource === undefined ? `${namespace}/${name}` : `${resource}/${namespace}/${name}`;
}

function keyOf(object: KubeObject): Key {
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** A controller's life: begun anew when the connection was lost, or when it asks for it. */
function run(controller: Controller, api: Api, tools: ControllerTools): () => void {
  let workers: readonly Worker[] = [];
  let life = 0;
  const stop = () => {
    life++;
    for (const worker of workers) worker.stop();
  };
  const begin = () => {
    stop();
    const mine = life;
    const anew = () => {
      if (mine === life) begin();
    };
    const sentences = "begin" in controller ? controller.begin(api, tools, anew) : [controller];
    workers = sentences.map((sentence) => new Worker(controller.name, sentence, api, tools, anew));
    for (const worker of workers) worker.start();
  };
  begin();
  return stop;
}

/**
 * Starts controllers, each with a connection as its own service account ("": as the manager itself) and with its own name
 * in events. The returned function stops them all.
 */
export function startControllers(
  controllers: readonly Controller[],
  connect: (account: string, source: string) => Api,
  tools: ControllerTools,
): () => void {
  const stops = controllers.map((controller) => {
    const { name, account = name, source = account, asManager } = controller;
    return run(controller, connect(asManager ? "" : account, source), tools);
  });
  return () => {
    for (const stop of stops) stop();
  };
}
