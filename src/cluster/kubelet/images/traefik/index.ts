import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { startCommand } from "../../../../machine/exec.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Image } from "../define.ts";
import { traefikProgram } from "./program.ts";

/** The image's own script: options alone are options of traefik. */
function* enter(proc: Process, argv: readonly string[]): Task<number> {
  const [first = ""] = argv;
  const own = first.startsWith("-") || first === "version" || first === "healthcheck";
  const words = first === "traefik" ? argv.slice(1) : own ? argv : undefined;
  if (words) {
    proc.argv = ["traefik", "traefik", ...words];
    return yield* traefikProgram.run(proc, words);
  }
  try {
    return yield* proc.waitFor(startCommand(proc, argv));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `/entrypoint.sh: exec: line 14: ${first}: not found\n`);
    return 127;
  }
}

const script: Program = { name: "entrypoint.sh", folder: "/", run: enter };

/** Traefik: a proxy that reads Ingresses and resources of its own. */
export const traefik: Image = {
  repository: "docker.io/library/traefik",
  tags: ["latest", "v3", "v3.6", "v3.6.6", "v3.5", "v3.5.3", "v3.3", "v3.3.6", "v2.11", "v2.10"],
  size: 48_000_000,
  usage: { cpu: 1, memory: 25 },
  entrypoint: ["/entrypoint.sh"],
  cmd: ["traefik"],
  programs: [traefikProgram, script],
  userland: "busybox",
};
