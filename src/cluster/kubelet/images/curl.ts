import type { Program, Task } from "../../../machine/define.ts";
import { startCommand } from "../../../machine/exec.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";

/** Runs its arguments, as options of curl where the first is no program. */
function* run(proc: Process, argv: readonly string[]): Task<number> {
  const [first = "curl"] = argv;
  const isProgram = proc.machine.programs.has(first) || first.startsWith("/");
  const child = startCommand(proc, argv.length === 0 ? ["curl"] : isProgram ? argv : ["curl", ...argv]);
  return yield* proc.waitFor(child);
}

const program: Program = { name: "entrypoint.sh", folder: "/", run };

/** curl on Alpine Linux, by its authors. */
export const curl: Image = {
  repository: "docker.io/curlimages/curl",
  tags: [
    "latest",
    "8.17.0",
    "8.16.0",
    "8.14.1",
    "8.12.1",
    "8.11.1",
    "8.10.1",
    "8.9.1",
    "8.8.0",
    "8.7.1",
    "8.5.0",
    "7.88.1",
  ],
  size: 9_600_000,
  entrypoint: ["/entrypoint.sh"],
  cmd: ["curl"],
  user: 100,
  programs: [program],
  userland: "busybox",
  tools: ["curl"],
};
