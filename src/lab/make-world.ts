import type { Task } from "../../grader/define.ts";
import { type Micros, SECOND } from "../base/clock.ts";
import type { WorldPlan } from "../cluster/define.ts";
import { World } from "../cluster/world.ts";
import type { ProgramTable } from "../machine/define.ts";
import { root } from "../machine/define-files.ts";
import type { Machine } from "../machine/machine.ts";
import { batch, runUntil } from "./batch.ts";
import { compilingLate } from "./compile-late.ts";
import { WorldPorts } from "./host-ports.ts";
import { LabError } from "./lab-error.ts";
import type { Library } from "./library.ts";
import { worldPrograms } from "./programs.ts";
import "./native-curve.ts";
import "./native-primes.ts";

/** The time at which worlds without a wall clock begin: 2026-11-02T09:00:00Z. */
export const usualStart: Micros = 1_793_610_000 * SECOND;
/** How long a setup may take, in the world's seconds. */
const SETUP_SECONDS = 120;

/** A world and its side of the host calls. */
export interface MadeWorld {
  readonly world: World;
  readonly ports: WorldPorts;
}

/** Switches a world on, with the conveniences that the exam's hosts have. */
export function makeWorld(
  plan: WorldPlan,
  seed: string,
  start: Micros = usualStart,
  ports: WorldPorts = new WorldPorts(),
  programs: ProgramTable = worldPrograms,
): MadeWorld {
  const world = compilingLate(() => new World({ plan, seed, start, programs, ports }));
  for (const machine of world.machines.values()) if (machine.files.find("/usr/bin/kubectl", root)) addAlias(machine);
  return { world, ports };
}

const alias = "alias k=kubectl\n";

/** kubectl with the alias k and completion, as the exam's instructions promise. */
function addAlias({ files }: Machine): void {
  files.write("/etc/profile.d/kubectl.sh", alias, root);
  files.write("/etc/bash.bashrc", `${alias}complete -o default -F __start_kubectl kubectl k\n`, root, { append: true });
}

/** The world of a task at the time `at`, when its candidate arrives: set up by typing, and settled. */
export async function makeTaskWorld(
  library: Library,
  task: Task,
  seed: string,
  at: Micros,
  ports = new WorldPorts(),
): Promise<MadeWorld> {
  const plan = library.world(task.world).plan(task.host);
  const quiet = task.setup.trim() === "";
  const before = quiet ? 0 : (task.settle + SETUP_SECONDS) * SECOND;
  const made = makeWorld(plan, `${seed}/${task.id}`, at - before, ports);
  if (quiet) return made;
  const host = made.world.controlPlane;
  const argv = ["-l", "-e", "-O", "expand_aliases", "-c", task.setup];
  const { status, stderr, problem } = await batch(made.world, ports, host, {
    user: "root",
    argv,
    limits: { seconds: SETUP_SECONDS },
  });
  if (problem !== undefined) throw new LabError(`the setup of ${task.id} was broken off: ${problem}`);
  if (status !== 0) throw new LabError(`the setup of ${task.id} failed with status ${status}: ${stderr.trim()}`);
  await runUntil(made.world, ports, at);
  return made;
}

/** The machine that the candidate of a task works on. */
export function taskHost(world: World, task: Task): Machine {
  const machine = world.machines.get(task.host);
  if (!machine) throw new LabError(`the world ${task.world} has no host ${task.host}`);
  return machine;
}
