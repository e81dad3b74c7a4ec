import { Errno } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { goErrno } from "./go-errno.ts";
import type { TarEntry } from "./tar-entries.ts";

/** A file or folder of the host, with all below it, as entries of an archive in which it is called `name`. */
export function* localEntries(context: Context, path: string, name: string): Generator<TarEntry> {
  const { proc } = context;
  const absolute = pathOf(proc, path);
  const { files } = proc.machine;
  const { kind, mode } = files.stat(absolute, proc.credentials, { follow: false });
  if (kind === "link")
    yield { name, isFolder: false, mode, text: "", link: files.readlink(absolute, proc.credentials) };
  else if (kind === "directory") {
    yield { name, isFolder: true, mode, text: "" };
    for (const inner of proc.machine.files.list(absolute, proc.credentials))
      yield* localEntries(context, `${path.replace(/\/$/, "")}/${inner}`, `${name}/${inner}`);
  } else if (kind === "file") {
    yield { name, isFolder: false, mode, text: proc.machine.files.read(absolute, proc.credentials) };
  }
}

/**
 * Writes what an archive of `from` holds to the host as `to`: the insides of a folder go into `to` itself. Symbolic
 * links are left out and told to `skipped` (cp.go untarAll, 1.33).
 */
export function takeEntries(
  context: Context,
  entries: Iterable<TarEntry>,
  from: string,
  to: string,
  skipped: (path: string, link: string) => void,
): void {
  const { proc } = context;
  const { files } = proc.machine;
  const prefix = plain(from);
  const target = to.length > 1 ? to.replace(/\/+$/, "") : to;
  let shown = target;
  try {
    for (const entry of entries) {
      const name = plain(entry.name);
      if (name !== prefix && !name.startsWith(`${prefix}/`)) continue;
      shown = target + name.slice(prefix.length);
      const path = pathOf(proc, shown);
      const folder = entry.isFolder ? path : path.slice(0, path.lastIndexOf("/")) || "/";
      makeFolder(context, folder, shown.slice(0, shown.length - path.length + folder.length));
      if (entry.link !== undefined) skipped(shown, entry.link);
      else if (!entry.isFolder) files.write(path, entry.text, proc.credentials);
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(`open ${shown}: ${error.message.toLowerCase()}`);
  }
}

/** Makes a folder, called `shown` where that fails (os.MkdirAll). */
function makeFolder({ proc }: Context, folder: string, shown: string): void {
  const { files } = proc.machine;
  try {
    files.mkdir(folder, proc.credentials, { parents: true });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const inTheWay = files.find(folder, proc.credentials)?.kind === "file";
    throw new CommandFault(inTheWay ? `mkdir ${shown}: not a directory` : goErrno("mkdir", shown, error));
  }
}

/** A path without what leads to the root and without slashes at its end. */
function plain(path: string): string {
  return path.replace(/^(\.?\/+)+/, "").replace(/\/+$/, "");
}
