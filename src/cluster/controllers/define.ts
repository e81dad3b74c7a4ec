import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { PrivateKey } from "../../base/x509/private-key.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Api, Change } from "../apiserver/define.ts";

/** The object that has to be looked at: namespace is "" for cluster-scoped kinds. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
  /** Where it is another resource than the sentence is for. */
  readonly resource?: string;
}

export interface ControllerTools {
  readonly clock: Clock;
  readonly random: Random;
  /** The controller manager's flags: node-monitor-grace-period, cluster-cidr … */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** The text of --root-ca-file. */
  rootCertificate(): string;
  /** What tokens in secrets are signed with (--service-account-private-key-file); undefined without that flag. */
  tokenKey?(): PrivateKey | undefined;
  /** What a signer signs with (--cluster-signing-…-cert-file and key-file); undefined without these flags. */
  signer?(name: string): { readonly certificate: string; readonly key: string } | undefined;
}

/** What a reconcile leaves to be done when only time is missing. */
export interface Again {
  /** Seconds. */
  readonly againIn: number;
}

/**
 * What a controller does, as a sentence: for which objects, what they own, and what makes the cluster look as they say.
 * It has a work queue of its own. Reconcile gets the object, never the event; running it twice changes nothing. A thrown
 * Status (conflict, not found) is retried with back-off, as client-go's rate limited queue does.
 */
export interface Sentence<T extends KubeObject = KubeObject> {
  /** pods, deployments.apps. Left out by those who only look at what `watches` name. */
  readonly for?: string;
  /** Resources whose controller (ownerReferences) is an object of `for`. */
  readonly owns?: readonly string[];
  /** Which changes of what it owns are worth a look; all where left out. */
  concernsOwner?(object: KubeObject, old: KubeObject | undefined, type: Change["type"]): boolean;
  /** Seconds by which a look for the sake of what it owns is put off, so that changes close together are seen by one. */
  readonly gathersFor?: number;
  /** Other resources that matter, and which objects of `for` a change of theirs concerns. */
  readonly watches?: readonly Watched[];
  /** Which changes of the object itself are worth a look (also its coming and going); all where left out. */
  concerns?(object: T, old: T | undefined, type: Change["type"]): boolean;
  /** `object` is undefined when it is gone. What it returns takes the place of what an earlier look asked for. */
  reconcile(api: Api, object: T | undefined, key: Key, tools: ControllerTools): Again | undefined;
}

export interface Watched {
  readonly resource: string;
  keys(object: KubeObject, api: Api, old: KubeObject | undefined, type: Change["type"]): readonly Key[];
}

interface Named {
  /** The name that --controllers knows: replicaset-controller. */
  readonly name: string;
  /** The service account it acts as, where that has another name. */
  readonly account?: string;
  /** It acts as the controller manager itself. */
  readonly asManager?: true;
  /** The source of its events, where that has another name. */
  readonly source?: string;
}

/** A controller that keeps something in mind while it runs, or that has several queues. */
export interface KeepingController extends Named {
  /** Called when the controller manager starts, and again whenever the connection was lost. `again`: forget all, begin anew. */
  begin(api: Api, tools: ControllerTools, again: () => void): readonly Sentence[];
}

/** A controller of kube-controller-manager. */
export type Controller<T extends KubeObject = KubeObject> = (Named & Sentence<T>) | KeepingController;
