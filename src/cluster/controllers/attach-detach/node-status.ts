import type { Node } from "../../../kinds/types/core.ts";
import type { VolumeAttachment } from "../../../kinds/types/storage.ts";
import type { Api } from "../../apiserver/define.ts";
import type { CsiSource } from "../../storage/csi-source.ts";

interface Attached {
  readonly name: string;
  readonly devicePath: string;
}

/** Shows in status.volumesAttached of the nodes where a volume is. */
export function showAttached(
  api: Api,
  { driver, volumeHandle }: CsiSource,
  attachments: readonly VolumeAttachment[],
): void {
  const name = `kubernetes.io/csi/${driver}^${volumeHandle}`;
  const there = new Set(
    attachments
      .filter(({ status, metadata }) => status?.attached && !metadata.deletionTimestamp)
      .map(({ spec }) => spec.nodeName),
  );
  for (const node of api.list<Node>("nodes")) {
    const before = (node.status?.volumesAttached ?? []) as readonly Attached[];
    const shown = before.some((one) => one.name === name);
    if (shown === there.has(node.metadata.name)) continue;
    const next = shown ? before.filter((one) => one.name !== name) : [...before, { name, devicePath: "" }];
    api.modify<Node>(
      node,
      ({ status, ...now }) => {
        const { volumesAttached: _old, ...rest } = status ?? {};
        return { ...now, status: next.length > 0 ? { ...rest, volumesAttached: next } : rest } as Node;
      },
      "status",
    );
  }
}
