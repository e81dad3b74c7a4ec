import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Api } from "../apiserver/define.ts";

/** What a daemon knows of a resource: the newest it has heard of, also while its server is away (client-go's informer). */
export class Informer<T extends KubeObject> {
  private readonly objects = new Map<string, T>();
  private sorted: readonly T[] | undefined;
  /** Ends it; what is known stays. */
  readonly stop: () => void;

  /** `namespace`: only of that one. */
  constructor(api: Api, resource: string, changed: () => void = () => undefined, namespace?: string) {
    const onReset = () => {
      this.objects.clear();
      this.sorted = undefined;
      changed();
    };
    this.stop = api.watch<T>(
      resource,
      ({ type, object }) => {
        const key = keyOf(object.metadata.namespace, object.metadata.name);
        if (type === "DELETED") this.objects.delete(key);
        else this.objects.set(key, object);
        this.sorted = undefined;
        changed();
      },
      { onReset, ...(namespace === undefined ? {} : { namespace }) },
    );
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.objects.get(keyOf(namespace, name));
  }

  /** All of them, by namespace and name. */
  get all(): readonly T[] {
    this.sorted ??= [...this.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return this.sorted;
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
