import type { Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Shell } from "../shell.ts";
import { runTop } from "./top.ts";

/** A text file without #!: the copy of the shell that was to start it runs it as a script. */
export function* runFileText(copy: Shell, path: string, argv: readonly string[]): Task<number> {
  copy.kind = "script";
  copy.name = path;
  copy.args = argv.slice(1);
  copy.calls = [{ name: "main", source: path, from: 0 }];
  const text = copy.proc.machine.files.read(pathOf(copy.proc, path), root);
  return yield* runTop(copy, text);
}
