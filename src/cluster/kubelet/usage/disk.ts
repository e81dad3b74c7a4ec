import { writtenTo } from "../../../machine/files/create-files.ts";
import type { RuntimeContainer } from "../runtime/container.ts";
import { imageFiles } from "../runtime/image-files.ts";
import type { StoredImage } from "../runtime/image-store.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** What a node's own system and packages take on its disk, in bytes. */
const SYSTEM = 2.9 * 1024 ** 3;
/** How much larger an image is once it is unpacked. */
const UNPACKED = 2.5;

/** The bytes that an image takes on a node's disk. */
export function imageBytes({ image }: StoredImage): number {
  return Math.round(image.size * UNPACKED);
}

/** What a container has written to its own layer. */
function layerBytes(container: RuntimeContainer): number {
  const files = container.reclaimed ? undefined : container.machine.madeFiles;
  if (!files) return 0;
  const { host } = container.machine;
  const base = host ? writtenTo(imageFiles(container.plan.stored, host.programs)) : 0;
  return Math.max(0, writtenTo(files) - base);
}

/** A container's layer and its log: what counts against its limit of ephemeral storage. */
export function containerDisk(container: RuntimeContainer): number {
  return layerBytes(container) + (container.reclaimed ? 0 : container.log.size);
}

/** What lies in each of a pod's own volumes on the disk, by the volume's name; volumes in memory, on the host and elsewhere are not its own. */
export function volumeBytes(runtime: Runtime, uid: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [name, { tree, local }] of runtime.volumes.get(uid) ?? []) if (local) sizes.set(name, writtenTo(tree));
  return sizes;
}

/** All that a pod takes on its node's disk. */
export function podDisk(runtime: Runtime, uid: string): number {
  let sum = 0;
  for (const container of runtime.containersOf(uid)) sum += containerDisk(container);
  const volumes = runtime.volumes.get(uid);
  if (volumes) for (const { tree, local } of volumes.values()) if (local) sum += writtenTo(tree);
  return sum;
}

/** What lies on a node's disk beside the files that one sees there. */
export function diskElsewhere(runtime: Runtime): number {
  let sum = SYSTEM;
  for (const stored of runtime.images.values()) sum += imageBytes(stored);
  for (const uid of runtime.sandboxes.keys()) sum += podDisk(runtime, uid);
  return Math.round(sum);
}
