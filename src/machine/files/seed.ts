import { byteLength } from "../../base/text-bytes.ts";
import { Errno } from "../define.ts";
import { type Files, root } from "../define-files.ts";
import { FileTree } from "./file-tree.ts";
import type { Inode } from "./inode.ts";
import { walk } from "./walk.ts";

/** A file, directory or symbolic link that many fresh trees begin with. */
export interface Seed {
  readonly directory: string;
  readonly name: string;
  readonly kind: "file" | "directory" | "link";
  readonly mode: number;
  readonly gid: number;
  readonly text: string;
  readonly bytes: number;
}

/** A directory (`text` undefined), a file, or a link (`kind` says so); directories come before what is in them. */
export function seedOf(
  path: string,
  text?: string,
  options?: { mode?: number; gid?: number; kind?: Seed["kind"] },
): Seed {
  const slash = path.lastIndexOf("/");
  const kind = options?.kind ?? (text === undefined ? "directory" : "file");
  return {
    directory: slash === 0 ? "/" : path.slice(0, slash),
    name: path.slice(slash + 1),
    kind,
    mode: options?.mode ?? (kind === "file" ? 0o644 : kind === "link" ? 0o777 : 0o755),
    gid: options?.gid ?? 0,
    text: text ?? "",
    bytes: text === undefined ? 0 : byteLength(text),
  };
}

/** Puts root's files into a tree without looking at permissions: fifty hosts are made at once. What exists is replaced. */
export function sow(files: Files, seeds: readonly Seed[]): void {
  if (!(files instanceof FileTree)) throw new Errno("EINVAL");
  const known = new Map<string, Inode>();
  for (const seed of seeds) {
    let directory = known.get(seed.directory);
    if (!directory) {
      directory = walk(files, seed.directory, root, true).node;
      if (!directory?.entries) throw new Errno("ENOENT", seed.directory);
      known.set(seed.directory, directory);
    }
    plant(directory, seed);
  }
}

function plant(directory: Inode, seed: Seed): void {
  const { kind, mode, gid, text, bytes, name } = seed;
  if (kind === "directory" && directory.entries?.has(name)) return;
  const node = directory.volume.create(
    kind,
    kind === "link" ? { mode, uid: 0, gid, target: text } : { mode, uid: 0, gid },
  );
  if (kind === "file") {
    node.text = text;
    node.bytes = bytes;
    directory.volume.used += bytes;
  }
  node.parent = directory;
  directory.entries?.set(name, node);
  if (kind === "directory") directory.links++;
}
