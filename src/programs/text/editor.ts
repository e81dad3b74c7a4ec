import { Errno, type Program, type Task } from "../../machine/define.ts";
import { type Call, tool } from "./define.ts";

/** vim, also as vi and view: the candidate's own, on the text of the virtual file. */
export const vim = editor("vim", ["vi", "view", "vimdiff"]);
/** nano. */
export const nano = editor("nano", ["pico"]);

function editor(name: "vim" | "nano", also: readonly string[]): Program {
  return tool({
    name,
    also,
    usage: "[arguments] [file ..]",
    *run(call) {
      if (!call.proc.isTerminal(1)) {
        yield* call.proc.write(
          2,
          name === "vim" ? "Vim: Warning: Output is not to a terminal\n" : "Standard output is not a terminal\n",
        );
        return 1;
      }
      if (!call.proc.isTerminal(0)) {
        yield* call.proc.write(
          2,
          name === "vim" ? "Vim: Warning: Input is not from a terminal\n" : "Too many errors from stdin\n",
        );
        return 1;
      }
      const files = call.operands.filter((word) => !/^[-+]/.test(word));
      if (files.length === 0) {
        yield* call.proc.write(2, `${call.name}: editing without a file name is not simulated\n`);
        return 1;
      }
      const readOnly = call.name === "view" || call.operands.includes("-R") || call.operands.includes("-v");
      for (const file of files) {
        const status = yield* edit(call, name, file, readOnly);
        if (status !== 0) return status;
      }
      return 0;
    },
  });
}

function* edit(call: Call, name: "vim" | "nano", file: string, asked: boolean): Task<number> {
  const { files, who, proc } = call;
  const path = call.path(file);
  const stat = files.find(path, who);
  if (stat?.kind === "directory") {
    yield* proc.write(2, `"${file}" is a directory\n`);
    return 1;
  }
  const readable = !stat || files.may(path, "r", who);
  if (!readable) yield* proc.write(2, `"${file}" [Permission Denied]\n`);
  const text = stat && readable ? files.read(path, who) : "";
  let saved = text;
  let failed: Errno | undefined;
  const save = (written: string) => {
    if (written === saved && files.find(path, who)) return;
    try {
      files.write(path, written, who, { mode: 0o666 & ~proc.umask });
      saved = written;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      failed = error;
    }
  };
  const answer = yield* proc.hostCall("editor", {
    program: name === "nano" ? "nano" : call.name === "vi" ? "vi" : "vim",
    path,
    text,
    readOnly: asked || (stat !== undefined && !files.may(path, "w", who)),
    config: homeFile(call, name === "nano" ? ".nanorc" : ".vimrc"),
    onWrite: save,
  });
  if (answer.text !== undefined) save(answer.text);
  if (answer.error !== undefined) yield* proc.write(2, `${call.name}: ${answer.error}\n`);
  if (failed) yield* proc.write(2, `"${file}" E212: Can't open file for writing: ${failed.message}\n`);
  return failed ? 1 : answer.status;
}

function homeFile(call: Call, name: string): string {
  const home = call.proc.env.get("HOME") ?? "/";
  const stat = call.files.find(`${home}/${name}`, call.who);
  return stat?.kind === "file" && call.files.may(`${home}/${name}`, "r", call.who)
    ? call.files.read(`${home}/${name}`, call.who)
    : "";
}
