import { matchesLabels } from "../../kinds/label-selector.ts";
import type { Service } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Change } from "../apiserver/define.ts";
import { type Anchor, LabelIndex } from "./label-index.ts";

type Labels = Readonly<Record<string, string>>;

const none: readonly Labels[] = [];

/** What the Services select, found by the labels of a pod. */
export class ServiceSelectors {
  private readonly byNamespace = new Map<string, LabelIndex<Labels>>();

  clear(): void {
    this.byNamespace.clear();
  }

  onService({ type, object, old }: Change<Service>): void {
    if (old) this.change(old, false);
    else if (type === "DELETED") this.change(object, false);
    if (type !== "DELETED") this.change(object, true);
  }

  private change({ metadata: { namespace = "" }, spec }: Service, there: boolean): void {
    const { selector } = spec;
    const anchor: Anchor | undefined = selector && Object.entries(selector)[0];
    if (!selector || !anchor) return;
    const index = this.byNamespace.get(namespace) ?? new LabelIndex<Labels>();
    this.byNamespace.set(namespace, index);
    if (there) index.add(selector, anchor);
    else index.delete(selector, anchor);
  }

  /** The selectors of the Services that a pod belongs to. */
  of({ metadata }: Pod): readonly Labels[] {
    const index = this.byNamespace.get(metadata.namespace ?? "");
    if (!index) return none;
    const found: Labels[] = [];
    index.visit(metadata.labels, (selector) => {
      if (matchesLabels(selector, metadata.labels)) found.push(selector);
    });
    return found;
  }
}
