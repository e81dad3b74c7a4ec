import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Api } from "../apiserver/define.ts";

/** The object that has to be looked at: namespace is "" for cluster-scoped kinds. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

export interface ControllerTools {
  readonly clock: Clock;
  readonly random: Random;
  /** The controller manager's flags: node-monitor-grace-period, cluster-cidr … */
  readonly flags: Readonly<Record<string, string | undefined>>;
}

/** What a reconcile leaves to be done when only time is missing. */
export interface Again {
  /** Seconds. */
  readonly againIn: number;
}

/**
 * A controller is a sentence: for which objects, what they own, and what makes the cluster look as they say. Reconcile
 * gets the object, never the event; running it twice changes nothing. A thrown Status (conflict, not found) is retried
 * with back-off, as client-go's rate limited queue does.
 */
export interface Controller<T extends KubeObject = KubeObject> {
  /** replicaset-controller: also the service account it acts as, and the source of its events. */
  readonly name: string;
  /** pods, deployments.apps */
  readonly for: string;
  /** Resources whose controller (ownerReferences) is an object of `for`. */
  readonly owns?: readonly string[];
  /** Other resources that matter, and which objects of `for` a change of theirs concerns. */
  readonly watches?: readonly Watched[];
  /** Which changes of the object itself are worth a look; all where left out. */
  concerns?(object: T, old: T | undefined): boolean;
  /** `object` is undefined when it is gone. */
  reconcile(api: Api, object: T | undefined, key: Key, tools: ControllerTools): Again | undefined;
}

export interface Watched {
  readonly resource: string;
  keys(object: KubeObject, api: Api, old: KubeObject | undefined): readonly Key[];
}
