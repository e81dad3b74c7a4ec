import { FormatError } from "../../../base/format-error.ts";
import type { JsonObject } from "../../../base/json.ts";
import { parseSelector } from "../../../base/parse-selector.ts";
import { type Labels, selectorMatcher } from "../../../base/selector.ts";
import { apiVersionOf } from "../../../kinds/define.ts";
import { Status } from "../../../kinds/status.ts";
import type { HorizontalPodAutoscaler } from "../../../kinds/types/autoscaling.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Api } from "../../apiserver/define.ts";
import { Unmeasured } from "./unmeasured.ts";

/** What is to be scaled, as its Scale tells it. */
export interface Target {
  /** Where its Scale is read and written. */
  readonly path: string;
  readonly scale: JsonObject;
  readonly replicas: number;
  readonly counted: number;
  /** Empty where the Scale has none. */
  readonly selector: string;
}

interface Scale {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

/** The Scale of an autoscaler's target, read with the controller's own rights; a text says why there is none. */
export function targetOf(api: Api, { metadata, spec }: HorizontalPodAutoscaler): Target | string {
  const { apiVersion = "", kind: wanted, name } = spec.scaleTargetRef;
  const parts = apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const group = parts.length === 2 ? (parts[0] ?? "") : "";
  const kind = api.kinds().find((one) => one.kind === wanted && one.group === group && !one.storedAs);
  if (!kind) return `no matches for kind "${wanted}" in group "${group}"`;
  const root = group === "" ? "/api" : "/apis";
  const path = `${root}/${apiVersionOf(kind)}/namespaces/${metadata.namespace}/${kind.plural}/${name}/scale`;
  try {
    const scale = api.ask({ path });
    const { spec: asked, status } = scale as Scale;
    const { replicas: counted = 0, selector = "" } = status ?? {};
    return { path, scale, replicas: asked?.replicas ?? 0, counted, selector };
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    return error.message;
  }
}

/** Why the pods of a target cannot be told: the event, and the condition where that has other words. */
export class Unselected extends Unmeasured {
  readonly reason: string;
  readonly condition: { readonly reason: string; readonly message: string };

  constructor(reason: string, message: string, condition = { reason, message }) {
    super(message);
    this.reason = reason;
    this.condition = condition;
  }
}

/** The selectors of all autoscalers that were looked at: no pod may have two. */
export class Selectors {
  private readonly known = new Map<string, ((labels: Labels | undefined) => boolean) | undefined>();

  /** An autoscaler that is there, whose pods are not known yet. */
  add(key: string): void {
    if (!this.known.has(key)) this.known.set(key, undefined);
  }

  delete(key: string): void {
    this.known.delete(key);
  }

  /** The pods of an autoscaler's target. Throws Unselected (horizontal.go validateAndParseSelector, 1.35). */
  podsOf(api: Api, { metadata }: HorizontalPodAutoscaler, selector: string): readonly Pod[] {
    const { namespace = "", name } = metadata;
    if (selector === "") {
      const message = "the HPA target's scale is missing a selector";
      throw new Unselected("SelectorRequired", "selector is required", { reason: "InvalidSelector", message });
    }
    const matches = matcherOf(selector);
    this.known.set(`${namespace}/${name}`, matches);
    const pods = api.list<Pod>("pods", namespace).filter((pod) => matches(pod.metadata.labels));
    const here = [...this.known].filter(([key]) => key.startsWith(`${namespace}/`));
    const controlling = here.filter(([, of]) => of && pods.some((pod) => of(pod.metadata.labels))).map(([key]) => key);
    if (controlling.length < 2) return pods;
    const all = controlling.sort().join(" ");
    throw new Unselected("AmbiguousSelector", `pods by selector ${selector} are controlled by multiple HPAs: [${all}]`);
  }
}

function matcherOf(selector: string): (labels: Labels | undefined) => boolean {
  try {
    return selectorMatcher(parseSelector(selector));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const why = `couldn't convert selector into a corresponding internal selector object: ${error.message}`;
    throw new Unselected("InvalidSelector", why);
  }
}
