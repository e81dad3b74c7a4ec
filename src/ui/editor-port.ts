import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import type { EditorAnswer, EditorQuestion } from "../base/ports.ts";
import { bytesOf, textOf } from "../base/text-bytes.ts";
import type { TerminalOwner } from "./terminal-owner.ts";

/** How often the file is looked at while the editor is open, in milliseconds: `:w` reaches the virtual file this late. */
const LOOK = 300;

/** The user's own editor on a copy of the virtual file, on the real terminal that `owner` lends. */
export async function openEditor(ask: EditorQuestion, owner: TerminalOwner): Promise<EditorAnswer> {
  const found = findEditor(ask.program);
  if (!found)
    return {
      status: 127,
      text: undefined,
      error: `${ask.program}: no editor was found on this machine; set CKA_EDITOR to one`,
    };
  return owner.lend(async (stop) => {
    const folder = mkdtempSync(join(tmpdir(), "cka-lab-"));
    const file = join(folder, basename(ask.path) || "untitled");
    try {
      writeFileSync(file, bytesOf(ask.text), { mode: ask.readOnly ? 0o400 : 0o600 });
      writeFileSync(join(folder, ".vimrc"), ask.config);
      return await run(found, file, folder, ask, stop);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function run(
  editor: string,
  file: string,
  home: string,
  ask: EditorQuestion,
  stop: AbortSignal,
): Promise<EditorAnswer> {
  const isVim = /vi(m)?(\.exe)?$/.test(editor) && !/nvim/.test(editor);
  // -Z keeps :! away from the real machine; no swap file and no modelines for a file that is not ours.
  const args = isVim ? ["-Z", "-n", "-i", "NONE", "--cmd", "set nomodeline noswapfile", file] : [file];
  let seen = statSync(file).mtimeMs;
  let text: string | undefined;
  if (stop.aborted) return Promise.resolve({ status: 1, text });
  const look = () => {
    if (!existsSync(file)) return;
    const now = statSync(file).mtimeMs;
    if (now === seen) return;
    seen = now;
    text = textOf(readFileSync(file));
    ask.onWrite(text);
  };
  return new Promise((resolve) => {
    const child = spawn(editor, args, { stdio: "inherit", env: { ...process.env, HOME: home } });
    const timer = setInterval(look, LOOK);
    stop.addEventListener("abort", () => child.kill());
    child.on("error", (error) => {
      clearInterval(timer);
      resolve({ status: 127, text: undefined, error: `${editor}: ${error.message}` });
    });
    child.on("exit", (status) => {
      clearInterval(timer);
      look();
      resolve({ status: status ?? 1, text });
    });
  });
}

/** $CKA_EDITOR, then vim, vi, nvim; nano for nano. */
function findEditor(program: EditorQuestion["program"]): string | undefined {
  const chosen = process.env.CKA_EDITOR;
  if (chosen) return chosen;
  const names = program === "nano" ? ["nano", "vim", "vi", "nvim"] : ["vim", "vi", "nvim", "nano"];
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const name of names)
    for (const folder of (process.env.PATH ?? "").split(delimiter))
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (folder && existsSync(path)) return path;
      }
  return undefined;
}
