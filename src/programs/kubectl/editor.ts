import { Errno, Interrupted, type Task } from "../../machine/define.ts";
import { startCommand } from "../../machine/exec.ts";
import type { Context } from "./context.ts";
import type { EditFormat } from "./edit-loop.ts";
import { CommandFault } from "./faults.ts";

/** A new file's path under /tmp: kubectl-edit-1234567890.yaml */
export function temporaryPath({ proc }: Context, format: EditFormat): string {
  const folder = proc.env.get("TMPDIR") || "/tmp";
  const number = 1_000_000_000 + proc.machine.kernel.random.below(3_000_000_000);
  return `${folder.replace(/\/$/, "")}/kubectl-edit-${number}.${format}`;
}

/** Opens a file in the editor that KUBE_EDITOR or EDITOR names, or vi, on the command's own terminal. */
export function* runEditor(context: Context, path: string): Task {
  const { proc } = context;
  const argv = editorCommand(proc.env.get("KUBE_EDITOR") || proc.env.get("EDITOR") || "vi", path);
  const shown = argv.slice(0, -1);
  yield* context.output.flush();
  let status: number;
  try {
    const editor = startCommand(proc, argv);
    status = yield* waitUndisturbed(context, editor);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const words = JSON.stringify(shown.join(" "));
    const missing = error.code === "ENOENT" && !argv[0]?.includes("/");
    throw new CommandFault(
      missing ? `unable to launch the editor ${words}` : `there was a problem with the editor ${words}`,
    );
  }
  if (status !== 0) throw new CommandFault(`there was a problem with the editor ${JSON.stringify(shown.join(" "))}`);
}

/** While an editor runs, Ctrl-C is the editor's. */
function* waitUndisturbed({ proc }: Context, editor: ReturnType<typeof startCommand>): Task<number> {
  const before = proc.handlerOf("INT");
  proc.on("INT", () => {});
  try {
    for (;;) {
      try {
        return yield* proc.waitFor(editor);
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
      }
    }
  } finally {
    proc.on("INT", before);
  }
}

/** An editor with options is split at blanks; one with quotes goes through a shell (editor.go, 1.33). */
function editorCommand(editor: string, path: string): readonly string[] {
  if (!editor.includes(" ")) return [editor, path];
  if (!/["'\\]/.test(editor)) return [...editor.split(" "), path];
  return ["/bin/sh", "-c", `${editor} ${JSON.stringify(path)}`];
}
