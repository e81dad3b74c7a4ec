import { Errno, type Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { changeDirectory } from "../directory.ts";
import { tildeFor } from "../expand/prompt.ts";
import type { Shell } from "../shell.ts";

export const dirs: Builtin = {
  name: "dirs",
  usage: "[-clpv] [+N] [-N]",
  help: "Display directory stack.",
  *run(shell, args) {
    const at = rotation(shell, args[0]);
    if (at !== undefined) {
      const path = stack(shell)[at];
      if (path === undefined) {
        yield* shell.complain(`dirs: ${args[0]}: directory stack index out of range`);
        return 1;
      }
      return yield* shell.out("dirs", `${tildeFor(shell, path)}\n`);
    }
    const parsed = yield* parseOptions(shell, this, args, "clpv");
    if (typeof parsed === "number") return parsed;
    if (parsed.flags.has("c")) {
      shell.dirs = [];
      return 0;
    }
    const shown = stack(shell).map((path) => (parsed.flags.has("l") ? path : tildeFor(shell, path)));
    if (parsed.flags.has("v"))
      return yield* shell.out("dirs", shown.map((path, i) => `${String(i).padStart(2)}  ${path}\n`).join(""));
    return yield* shell.out("dirs", `${shown.join(parsed.flags.has("p") ? "\n" : " ")}\n`);
  },
};

export const pushd: Builtin = {
  name: "pushd",
  usage: "[-n] [+N | -N | dir]",
  help: "Add directories to stack.",
  *run(shell, args) {
    const stay = args[0] === "-n";
    const [target] = stay ? args.slice(1) : args;
    const before = stack(shell);
    if (target === undefined && before.length < 2) return yield* failed(shell, "pushd: no other directory");
    const turn = target === undefined ? 1 : rotation(shell, target);
    if (turn !== undefined) {
      if (turn < 0 || turn >= before.length)
        return yield* failed(shell, `pushd: ${target}: directory stack index out of range`);
      const turned = [...before.slice(turn), ...before.slice(0, turn)];
      return yield* go(shell, "pushd", turned[0] ?? "", turned.slice(1));
    }
    if (stay) {
      shell.dirs = [target ?? "", ...shell.dirs];
      return yield* show(shell);
    }
    return yield* go(shell, "pushd", target ?? "", before);
  },
};

export const popd: Builtin = {
  name: "popd",
  usage: "[-n] [+N | -N]",
  help: "Remove directories from stack.",
  *run(shell, args) {
    const before = stack(shell);
    const at =
      rotation(
        shell,
        args.find((arg) => arg !== "-n"),
      ) ?? 0;
    if (before.length < 2) return yield* failed(shell, "popd: directory stack empty");
    if (at < 0 || at >= before.length)
      return yield* failed(shell, `popd: ${args[0]}: directory stack index out of range`);
    const left = before.filter((_, i) => i !== at);
    if (at > 0) {
      shell.dirs = left.slice(1);
      return yield* show(shell);
    }
    return yield* go(shell, "popd", left[0] ?? "", left.slice(1));
  },
};

function stack(shell: Shell): string[] {
  return [shell.proc.cwd, ...shell.dirs];
}

/** The place that +N (from the left) or -N (from the right) names. */
function rotation(shell: Shell, arg: string | undefined): number | undefined {
  const match = /^([-+])(\d+)$/.exec(arg ?? "");
  if (!match) return undefined;
  return match[1] === "+" ? Number(match[2]) : stack(shell).length - 1 - Number(match[2]);
}

function* go(shell: Shell, name: string, path: string, below: readonly string[]): Task<number> {
  try {
    changeDirectory(shell, path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* failed(shell, `${name}: ${path}: ${error.message}`);
  }
  shell.dirs = [...below];
  return yield* show(shell);
}

function* show(shell: Shell): Task<number> {
  return yield* shell.out(
    "dirs",
    `${stack(shell)
      .map((path) => tildeFor(shell, path))
      .join(" ")}\n`,
  );
}

function* failed(shell: Shell, message: string): Task<number> {
  yield* shell.complain(message);
  return 1;
}
