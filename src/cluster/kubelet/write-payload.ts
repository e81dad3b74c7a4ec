import { type Micros, SECOND } from "../../base/clock.ts";
import { civilTime } from "../../base/time.ts";
import { type Files, root } from "../../machine/define-files.ts";
import type { Payload } from "./volume-payload.ts";

const CURRENT = "/..data";

/**
 * Writes a payload into a volume so that all its files change at once (pkg/volume/util/atomic_writer.go, 1.35): the
 * files lie in a folder named by the time, ..data points to it, and what is seen points to ..data.
 */
export function writePayload(tree: Files, payload: Payload, now: Micros, group?: number): void {
  const before = tree.find(CURRENT, root, { follow: false }) ? tree.readlink(CURRENT, root) : undefined;
  const folder = folderName(now);
  tree.mkdir(`/${folder}`, root);
  if (group !== undefined) shareFolder(tree, "/", group);
  if (group !== undefined) shareFolder(tree, `/${folder}`, group);
  for (const [path, { text, mode }] of payload) {
    const full = `/${folder}/${path}`;
    const above = full.slice(0, full.lastIndexOf("/"));
    if (!tree.find(above, root)) {
      tree.mkdir(above, root, { parents: true });
      if (group !== undefined) shareFolder(tree, above, group);
    }
    // The pod's group may read all of it, whatever the mode (pkg/volume/volume_linux.go SetVolumeOwnership, 1.35).
    const shown = group === undefined ? mode : mode | 0o440;
    if (typeof text !== "string") tree.lazy(full, text, { mode: shown, gid: group ?? 0 });
    else {
      tree.write(full, text, root);
      if (group !== undefined) tree.chown(full, undefined, group, root);
      tree.chmod(full, shown, root);
    }
  }
  if (before !== undefined) tree.unlink(CURRENT, root);
  tree.symlink(folder, CURRENT, root);
  showNames(tree, new Set([...payload.keys()].map((path) => path.split("/")[0] ?? path)));
  if (before !== undefined) removeAll(tree, `/${before}`);
}

function showNames(tree: Files, names: ReadonlySet<string>): void {
  for (const name of tree.list("/", root))
    if (!name.startsWith("..") && !names.has(name)) tree.unlink(`/${name}`, root);
  for (const name of names)
    if (!tree.find(`/${name}`, root, { follow: false })) tree.symlink(`..data/${name}`, `/${name}`, root);
}

/** ..2026_11_02_09_00_01.2345678: the time in UTC, and digits against a folder of the same name. */
function folderName(now: Micros): string {
  const t = civilTime(now);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${t.year}_${two(t.month)}_${two(t.day)}`;
  return `..${day}_${two(t.hour)}_${two(t.minute)}_${two(t.second)}.${1_000_000 + (now % SECOND)}`;
}

function removeAll(tree: Files, path: string): void {
  for (const name of tree.list(path, root)) {
    const inner = `${path}/${name}`;
    if (tree.find(inner, root, { follow: false })?.kind === "directory") removeAll(tree, inner);
    else tree.unlink(inner, root);
  }
  tree.rmdir(path, root);
}

/** A folder of a volume that belongs to the pod's group: what is made in it does, too. */
function shareFolder(tree: Files, path: string, group: number): void {
  tree.chown(path, undefined, group, root);
  tree.chmod(path, 0o2755, root);
}
