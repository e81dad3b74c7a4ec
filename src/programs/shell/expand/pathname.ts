import type { Task } from "../../../machine/define.ts";
import { pathOf } from "../../../machine/open-path.ts";
import { hasMagic, unescapePattern } from "../pattern/compile.ts";
import { Pattern } from "../pattern/match.ts";
import type { Shell } from "../shell.ts";

/** The names of existing files that match a pattern, sorted. */
export function* pathnames(shell: Shell, pattern: string): Task<string[]> {
  const extended = shell.shopts.has("extglob");
  const absolute = pattern.startsWith("/");
  const parts = splitPath(pattern);
  let found: string[] = [absolute ? "/" : ""];
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    if (part === "") continue;
    if (part === "**" && shell.shopts.has("globstar")) found = yield* deep(shell, found, last);
    else if (hasMagic(part, extended)) found = yield* matching(shell, found, part, last);
    else found = yield* named(shell, found, unescapePattern(part), last);
    if (found.length === 0) return [];
  }
  // A pattern that ends in a slash names directories only.
  return pattern.endsWith("/")
    ? found
        .filter((path) => isDirectory(shell, path))
        .map((path) => `${path}/`)
        .sort(byCode)
    : found.sort(byCode);
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Cut at slashes; a bracket expression holds none. */
function splitPath(pattern: string): string[] {
  return pattern.split(/(?:\\?\/)+/);
}

function isDirectory(shell: Shell, path: string): boolean {
  const { files } = shell.proc.machine;
  return files.find(pathOf(shell.proc, path === "" ? "." : path), shell.proc.credentials)?.kind === "directory";
}

function join(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

function list(shell: Shell, folder: string): readonly string[] {
  const { proc } = shell;
  const path = pathOf(proc, folder === "" ? "." : folder);
  const { files } = proc.machine;
  if (!files.may(path, "r", proc.credentials) || files.find(path, proc.credentials)?.kind !== "directory") return [];
  return files.list(path, proc.credentials);
}

function* matching(shell: Shell, folders: readonly string[], part: string, last: boolean): Task<string[]> {
  const { proc, shopts } = shell;
  const test = new Pattern(part, { extended: shopts.has("extglob"), ignoreCase: shopts.has("nocaseglob") });
  const hidden = shopts.has("dotglob") || /^\\?\./.test(part) || /^[?*+@!]\((?:\\?\.|[^)]*\|\\?\.)/.test(part);
  const out: string[] = [];
  for (const folder of folders) {
    for (const name of list(shell, folder)) {
      if (proc.tick()) yield undefined;
      if ((name.startsWith(".") && !hidden) || !test.matches(name)) continue;
      const path = join(folder, name);
      if (last || isDirectory(shell, path)) out.push(path);
    }
  }
  return out;
}

function* named(shell: Shell, folders: readonly string[], name: string, last: boolean): Task<string[]> {
  const { proc } = shell;
  const out: string[] = [];
  for (const folder of folders) {
    if (proc.tick()) yield undefined;
    const path = join(folder, name);
    const found = proc.machine.files.find(pathOf(proc, path), proc.credentials, { follow: !last });
    if (found) out.push(path);
  }
  return out;
}

/** `**`: the folders themselves and all below them; as the last part also their files. */
function* deep(shell: Shell, folders: readonly string[], last: boolean): Task<string[]> {
  const out: string[] = [];
  const open = [...folders];
  while (open.length > 0) {
    const folder = open.pop() as string;
    if (!last || folder !== "") out.push(last && folder !== "" && folders.includes(folder) ? `${folder}/` : folder);
    for (const name of list(shell, folder)) {
      if (shell.proc.tick()) yield undefined;
      if (name.startsWith(".") && !shell.shopts.has("dotglob")) continue;
      const path = join(folder, name);
      const kind = shell.proc.machine.files.find(pathOf(shell.proc, path), shell.proc.credentials, {
        follow: false,
      })?.kind;
      if (kind === "directory") open.push(path);
      else if (last) out.push(path);
    }
  }
  return out;
}
