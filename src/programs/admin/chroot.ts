import { Errno, type Program, type Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import { commandBody } from "../../machine/exec.ts";
import type { Machine } from "../../machine/machine.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";
import { parseArguments, standFor } from "./define.ts";

/** Runs a command under another root: where that is the disk of the host that a container runs on, on this host. */
export const chroot: Program = {
  name: "chroot",
  folder: "/usr/sbin",
  *run(proc, argv) {
    const given = parseArguments(argv, "+ groups= userspec= skip-chdir");
    const fail = function* (message: string, status = 125): Task<number> {
      yield* proc.write(2, `chroot: ${message}\n`);
      return status;
    };
    const [folder, ...words] = given.operands;
    if (given.problem !== undefined) return yield* fail(`${given.problem}\nTry 'chroot --help' for more information.`);
    if (folder === undefined) return yield* fail("missing operand\nTry 'chroot --help' for more information.");
    const refuse = (why: string) => fail(`cannot change root directory to '${folder}': ${why}`);
    const path = pathOf(proc, folder);
    const { files } = proc.machine;
    const found = files.find(path, proc.credentials);
    if (found?.kind !== "directory") return yield* refuse(found ? "Not a directory" : "No such file or directory");
    if (proc.credentials.uid !== 0) return yield* refuse("Operation not permitted");
    const machine = rootedAt(proc.machine, files.realpath(path, root));
    if (!machine) return yield* fail(`a root other than the host's own disk is not simulated: ${folder}`);
    const command = words.length > 0 ? words : [proc.env.get("SHELL") ?? "/bin/sh", "-i"];
    const child = proc.spawn({ argv: command, machine, cwd: "/", body: (self) => started(self, command) });
    try {
      return yield* standFor(proc, child);
    } finally {
      if (child.state !== "ended") child.signal("KILL");
    }
  },
};

function* started(proc: Process, command: readonly string[]): Task<number> {
  try {
    return yield* commandBody(proc, command, proc.env)(proc);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `chroot: failed to run command '${command[0]}': ${error.message}\n`);
    return error.code === "ENOENT" ? 127 : 126;
  }
}

const ID = "/etc/machine-id";

/** The machine whose root directory lies at `path` of a machine: itself, or the host that has it mounted there. */
function rootedAt(machine: Machine, path: string): Machine | undefined {
  if (path === "/") return machine;
  const { files, host } = machine;
  const id = `${path}${ID}`;
  if (!host?.files.find(ID, root) || !files.find(id, root)) return undefined;
  const same =
    files.stat(path, root).inode === host.files.stat("/", root).inode &&
    files.read(id, root) === host.files.read(ID, root);
  return same ? host : undefined;
}
