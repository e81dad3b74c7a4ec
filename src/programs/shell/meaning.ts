import { pathOf } from "../../machine/open-path.ts";
import type { Shell } from "./shell.ts";

export const keywords: readonly string[] = [
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "case",
  "esac",
  "for",
  "select",
  "while",
  "until",
  "do",
  "done",
  "in",
  "function",
  "time",
  "{",
  "}",
  "!",
  "[[",
  "]]",
  "coproc",
];

export type Meaning =
  | { readonly kind: "alias" | "keyword" | "function" | "builtin" }
  | { readonly kind: "file"; readonly path: string; readonly hashed: boolean };

/** What a name means as a command, the meaning that counts first. */
export function meaningsOf(
  shell: Shell,
  name: string,
  options: { readonly all: boolean; readonly pathOnly: boolean; readonly functions: boolean },
): Meaning[] {
  const out: Meaning[] = [];
  if (!options.pathOnly) {
    if (shell.aliases.has(name) && (shell.kind === "interactive" || shell.shopts.has("expand_aliases")))
      out.push({ kind: "alias" });
    if (keywords.includes(name)) out.push({ kind: "keyword" });
    if (options.functions && shell.functions.has(name)) out.push({ kind: "function" });
    if (shell.run.builtin(name) && !shell.disabled.has(name)) out.push({ kind: "builtin" });
  }
  const hashed = options.all || options.pathOnly ? undefined : shell.hashed.get(name);
  if (hashed) out.push({ kind: "file", path: hashed.path, hashed: true });
  else for (const path of filesNamed(shell, name)) out.push({ kind: "file", path, hashed: false });
  return out;
}

/** The executable files of this name, in the order of PATH. */
export function filesNamed(shell: Shell, name: string): string[] {
  const { proc } = shell;
  const { files } = proc.machine;
  const isProgram = (path: string) =>
    files.find(pathOf(proc, path), proc.credentials)?.kind === "file" &&
    files.may(pathOf(proc, path), "x", proc.credentials);
  if (name.includes("/")) return isProgram(name) ? [name] : [];
  const folders = (shell.vars.get("PATH") ?? "").split(":");
  return folders.map((folder) => `${folder === "" ? "." : folder}/${name}`).filter(isProgram);
}
