import { SECOND } from "../../../base/clock.ts";
import { fullName } from "../runtime/image-name.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { imageBytes } from "../usage/disk.ts";

/** imageMinimumGCAge, imageGCHighThresholdPercent, imageGCLowThresholdPercent and ImageGCPeriod (1.35). */
export interface ImageCollection {
  readonly youngest: number;
  readonly high: number;
  readonly low: number;
}

export const IMAGE_PERIOD = 300;

/** The images that no container uses, the ones longest here first; pause is never taken. */
function unused(runtime: Runtime): string[] {
  const used = new Set<string>();
  for (const containers of runtime.containers.values())
    for (const { plan, reclaimed } of containers) if (!reclaimed) used.add(fullName(plan.stored.name));
  return [...runtime.images]
    .filter(([name, { image }]) => !used.has(name) && !image.repository.endsWith("/pause"))
    .sort(([, a], [, b]) => (a.since ?? 0) - (b.since ?? 0))
    .map(([name]) => name);
}

/** Deletes the ended containers' layers and all images that nobody uses: what the kubelet does before it evicts. */
export function deleteUnused(runtime: Runtime): void {
  for (const containers of runtime.containers.values())
    for (const container of containers) if (container.state === "exited") container.reclaimed = true;
  for (const name of unused(runtime)) runtime.images.delete(name);
}

/** The regular collection: where the disk is fuller than the high mark, images go until it is at the low one. Gives the words of a failure. */
export function collectImages(runtime: Runtime, { youngest, high, low }: ImageCollection): string | undefined {
  const { capacity, used } = runtime.host.files.space("/");
  if ((used / capacity) * 100 < high) return undefined;
  const wanted = Math.floor((capacity * (100 - low)) / 100 - (capacity - used));
  const { now } = runtime.host.kernel.clock;
  let freed = 0;
  for (const name of unused(runtime)) {
    const stored = runtime.images.get(name);
    if (freed >= wanted || !stored) break;
    if (now - (stored.since ?? 0) < youngest * SECOND) continue;
    runtime.images.delete(name);
    freed += imageBytes(stored);
  }
  if (freed >= wanted) return undefined;
  return `Failed to garbage collect required amount of images. Attempted to free ${wanted} bytes, but only found ${freed} bytes eligible to free.`;
}
