import { Errno } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Context } from "./context.ts";
import { baseName } from "./data-sources.ts";
import { CommandFault } from "./faults.ts";
import type { TarEntry } from "./tar-entries.ts";

/** A file or folder of the host, with all below it, as entries of an archive in which it is called `name`. */
export function* localEntries(context: Context, path: string, name: string): Generator<TarEntry> {
  const { proc } = context;
  const absolute = pathOf(proc, path);
  const { kind, mode } = proc.machine.files.stat(absolute, proc.credentials);
  if (kind === "directory") {
    yield { name, isFolder: true, mode, text: "" };
    for (const inner of proc.machine.files.list(absolute, proc.credentials))
      yield* localEntries(context, `${path.replace(/\/$/, "")}/${inner}`, `${name}/${inner}`);
  } else if (kind === "file") {
    yield { name, isFolder: false, mode, text: proc.machine.files.read(absolute, proc.credentials) };
  }
}

/** Writes what an archive of `from` holds to the host, as `to` or, where that is a folder, into it. */
export function takeEntries(context: Context, entries: Iterable<TarEntry>, from: string, to: string): void {
  const { proc } = context;
  const { files } = proc.machine;
  const prefix = plain(from);
  const intoFolder = files.find(pathOf(proc, to), proc.credentials)?.kind === "directory";
  const target = intoFolder ? `${to.replace(/\/$/, "")}/${baseName(from)}` : to;
  try {
    for (const entry of entries) {
      const name = plain(entry.name);
      if (name !== prefix && !name.startsWith(`${prefix}/`)) continue;
      const path = pathOf(proc, target + name.slice(prefix.length));
      const folder = entry.isFolder ? path : path.slice(0, path.lastIndexOf("/")) || "/";
      files.mkdir(folder, proc.credentials, { parents: true });
      if (!entry.isFolder) files.write(path, entry.text, proc.credentials);
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(`open ${error.path ?? to}: ${error.message.toLowerCase()}`);
  }
}

/** A path without what leads to the root and without slashes at its end. */
function plain(path: string): string {
  return path.replace(/^(\.?\/+)+/, "").replace(/\/+$/, "");
}
