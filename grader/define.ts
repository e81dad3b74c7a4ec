import type { Micros } from "../src/base/clock.ts";
import type { UserInfo } from "../src/cluster/apiserver/define.ts";
import type { Kind } from "../src/kinds/define.ts";
import type { KubeObject } from "../src/kinds/types/meta.ts";
import type { Files } from "../src/machine/define-files.ts";
import type { Machine } from "../src/machine/machine.ts";
import type { CompetencyId, Domain } from "./curriculum.ts";
import type { FieldTable, Values } from "./yaml/fields.ts";

/** The state of a world, as checks look at it: never what was typed. Methods throw Unmet where there is nothing to look at. */
export interface View {
  readonly now: Micros;
  /** The kind that a word of kubectl's stands for: deploy, deployments.apps, Deployment. */
  kind(word: string): Kind;
  /** undefined where there is none. */
  find(reference: ObjectReference): KubeObject | undefined;
  list(kind: Kind, namespace: string | undefined): readonly KubeObject[];
  can(user: UserInfo, question: AccessQuestion): boolean;
  /** A host, or a running container of a pod: "worker-1", "pod/client", "pod/app=web" (the first one that matches). */
  machine(place: string, namespace: string): Machine;
  files(host: string): Files;
  unit(host: string, name: string): { readonly active: string; readonly enabled: string | undefined };
}

/** "deployment/web" taken apart. */
export interface ObjectReference {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What somebody may or may not do. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Thrown while a check looks: why the state is not as wanted. */
export class Unmet extends Error {}

/** A kind of check: its own keys in an exercise, and how it looks at the world. One file each. */
export interface Check<F extends FieldTable = FieldTable> {
  /** The key that tells the kind: `object: node/worker-1`. */
  readonly name: string;
  readonly fields: F;
  /** What is wrong with the values together, for the exercise's author. */
  problem?(values: Values<F>): string | undefined;
  /** Why the state is not as wanted; undefined where it is. May throw Unmet. */
  examine(view: View, values: Values<F>): string | undefined;
}

/** A check of a task: what was wanted, what it is worth, how it is looked at. */
export interface TaskCheck {
  readonly says: string;
  readonly points: number;
  /** It holds before anything was done: it counts once something else of the task was done. */
  readonly keeps: boolean;
  /** file:line:column */
  readonly at: string;
  examine(view: View): string | undefined;
}

/** Another right way, or a near miss with the checks that it must fail. */
export interface Attempted {
  readonly name: string;
  readonly run: string;
}
export interface NearMiss extends Attempted {
  readonly fails: readonly string[];
}

/** An exercise with its parameters drawn: what a candidate gets. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly competency: CompetencyId;
  readonly domain: Domain;
  readonly weight: number;
  readonly minutes: number;
  readonly host: string;
  readonly world: string;
  readonly setup: string;
  /** How long the world runs after the setup before anybody arrives, in seconds. */
  readonly settle: number;
  readonly text: string;
  readonly checks: readonly TaskCheck[];
  readonly hints: readonly string[];
  readonly solution: string;
  readonly explain: string;
  readonly also: readonly Attempted[];
  readonly wrong: readonly NearMiss[];
  /** What was drawn, for reports. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** An exercise file. The same seed draws the same task. */
export interface Exercise {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly competency: CompetencyId;
  readonly domain: Domain;
  readonly weight: number;
  readonly minutes: number;
  readonly world: string;
  draw(seed: string): Task;
}

/** A paper: which exercises, what each is worth, how long it takes. */
export interface Paper {
  readonly id: string;
  readonly title: string;
  /** undefined: no limit. */
  readonly minutes: number | undefined;
  /** In per cent. */
  readonly pass: number;
  /** Weights add up to 100. */
  readonly tasks: readonly { readonly exercise: string; readonly weight: number }[];
}
