import type { KubeObject } from "../../kinds/types/meta.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";

/** What the kubelet still knows of these while no API server answers: its informer of Services, its managers of the others. */
const remembered: ReadonlySet<string> = new Set(["configmaps", "secrets", "services"]);

/** The API as the kubelet's workers see it (pkg/kubelet/util/manager and the Service lister, 1.35): what was read once stays known. */
export function rememberedReads(api: Api): Api {
  const objects = new Map<string, KubeObject | undefined>();
  const lists = new Map<string, readonly KubeObject[]>();
  return {
    get user() {
      return api.user;
    },
    get: <T extends KubeObject>(resource: string, namespace: string | undefined, name: string) => {
      if (!remembered.has(resource)) return api.get<T>(resource, namespace, name);
      const key = `${resource}/${namespace}/${name}`;
      return known(objects, key, () => api.get<T>(resource, namespace, name)) as T | undefined;
    },
    list: <T extends KubeObject>(resource: string, namespace?: string) => {
      if (!remembered.has(resource)) return api.list<T>(resource, namespace);
      return known(lists, `${resource}/${namespace}`, () => [...api.list<T>(resource, namespace)]) as readonly T[];
    },
    indexed: (resource, index, value) => api.indexed(resource, index, value),
    kinds: () => api.kinds(),
    watch: (resource, handler, options) => api.watch(resource, handler, options),
    create: (object) => api.create(object),
    update: (object) => api.update(object),
    updateStatus: (object) => api.updateStatus(object),
    modify: (object, change, subresource) => api.modify(object, change, subresource),
    createAt: (resource, namespace, name, subresource, body) =>
      api.createAt(resource, namespace, name, subresource, body),
    delete: (object, options) => api.delete(object, options),
    event: (about, event) => api.event(about, event),
    ask: (question) => api.ask(question),
  };
}

/** What is read now, or, where nobody answers, what was read last. */
function known<T>(memory: Map<string, T>, key: string, read: () => T): T {
  try {
    const now = read();
    memory.set(key, now);
    return now;
  } catch (error) {
    if (!(error instanceof Unreachable) || !memory.has(key)) throw error;
    return memory.get(key) as T;
  }
}
