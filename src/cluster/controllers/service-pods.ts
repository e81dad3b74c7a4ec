import { matchesLabels } from "../../kinds/label-selector.ts";
import { isPodReady } from "../../kinds/labels.ts";
import type { Service } from "../../kinds/types/core.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api, Change } from "../apiserver/define.ts";
import type { Key, Watched } from "./define.ts";
import { isFinished } from "./pod-state.ts";

const pair = (key: string, value: string) => `${key}=${value}`;

/** The services of a namespace by one pair of their selectors, and the pods that each selects. */
interface Home {
  readonly byPair: Map<string, Map<string, Service>>;
  readonly members: Map<string, Map<string, Pod>>;
}

/**
 * Which pods each Service selects. Kept up to date by the changes of both, so that neither a pod has to be held against
 * every Service of its namespace nor a Service against every pod of it.
 */
export class ServicePods {
  private readonly homes = new Map<string, Home>();

  /** To be watched by a controller of endpoints, before all else. */
  readonly watched: readonly Watched[] = [
    {
      resource: "services",
      keys: (service, api, old, type) => {
        this.noteService(api, service as Service, old, type);
        return [];
      },
    },
    { resource: "pods", keys: (pod, _api, old, type) => this.notePod(pod as Pod, old as Pod | undefined, type) },
  ];

  /** The pods that a Service selects. */
  of({ metadata }: Service): readonly Pod[] {
    const members = this.homes.get(metadata.namespace ?? "")?.members.get(metadata.name);
    return members ? [...members.values()] : [];
  }

  private noteService(api: Api, service: Service, old: KubeObject | undefined, type: Change["type"]): void {
    const { namespace = "", name } = service.metadata;
    const before = (old as Service | undefined)?.spec.selector;
    const { selector } = service.spec;
    const home = this.home(namespace);
    if (type === "MODIFIED" && before === selector) {
      const first = firstPair(selector);
      if (first) home.byPair.get(first)?.set(name, service);
      return;
    }
    const oldPair = firstPair(before);
    if (oldPair) home.byPair.get(oldPair)?.delete(name);
    home.members.delete(name);
    const newPair = firstPair(selector);
    if (type === "DELETED" || !newPair) return;
    const same = home.byPair.get(newPair) ?? new Map<string, Service>();
    home.byPair.set(newPair, same.set(name, service));
    const members = new Map<string, Pod>();
    for (const pod of api.list<Pod>("pods", namespace))
      if (matchesLabels(selector, pod.metadata.labels)) members.set(pod.metadata.name, pod);
    home.members.set(name, members);
  }

  private notePod(pod: Pod, old: Pod | undefined, type: Change["type"]): readonly Key[] {
    const { namespace = "", name, labels } = pod.metadata;
    const home = this.homes.get(namespace);
    if (!home || home.byPair.size === 0) return [];
    const worthIt = type === "DELETED" || !old || matters(pod, old);
    const keys: Key[] = [];
    if (old && old.metadata.labels !== labels)
      for (const [service] of selecting(home, old.metadata.labels))
        if (home.members.get(service)?.delete(name)) keys.push({ namespace, name: service });
    for (const [service] of selecting(home, labels)) {
      const members = home.members.get(service);
      if (type === "DELETED") members?.delete(name);
      else members?.set(name, pod);
      if (worthIt) keys.push({ namespace, name: service });
    }
    return keys;
  }

  private home(namespace: string): Home {
    let home = this.homes.get(namespace);
    if (!home) {
      home = { byPair: new Map(), members: new Map() };
      this.homes.set(namespace, home);
    }
    return home;
  }
}

function firstPair(selector: Readonly<Record<string, string>> | undefined): string | undefined {
  for (const key in selector) return pair(key, selector[key] ?? "");
  return undefined;
}

function* selecting(home: Home, labels: Readonly<Record<string, string>> | undefined): Generator<[string, Service]> {
  for (const key in labels)
    for (const [name, service] of home.byPair.get(pair(key, labels[key] ?? "")) ?? [])
      if (matchesLabels(service.spec.selector, labels)) yield [name, service];
}

/** Whether a change of a pod shows in endpoints (endpointslice/util podEndpointChanged, 1.35). */
function matters(pod: Pod, old: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    pod.metadata.labels !== old.metadata.labels ||
    pod.spec.nodeName !== old.spec.nodeName ||
    pod.status?.podIP !== old.status?.podIP ||
    isPodReady(pod) !== isPodReady(old) ||
    isFinished(pod) !== isFinished(old)
  );
}
