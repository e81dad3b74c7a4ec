import { type Micros, SECOND } from "../base/clock.ts";
import type { World } from "../cluster/world.ts";
import type { OpenFile } from "../machine/define.ts";
import type { Machine } from "../machine/machine.ts";
import type { Process } from "../machine/process.ts";
import { textReader, textWriter } from "../machine/text-files.ts";
import { compilingLate } from "./compile-late.ts";
import type { WorldPorts } from "./host-ports.ts";
import { login } from "./login.ts";

/** How far a run without anybody watching may go. */
export interface Limits {
  /** Slices of all processes together. */
  readonly slices: number;
  /** Of the world's time. */
  readonly seconds: number;
  /** Characters of output. */
  readonly output: number;
}

/** No exam is longer than two hours. */
export const usualLimits: Limits = { slices: 150_000, seconds: 2 * 3600, output: 20_000_000 };

export interface BatchOptions {
  readonly user: string;
  /** What bash gets after its own name: `-c`, the text. */
  readonly argv: readonly string[];
  readonly stdin?: string | (() => string);
  readonly limits?: Partial<Limits>;
  /** Gets output as it comes; it is then not kept. */
  readonly onOutput?: (fd: 1 | 2, text: string) => void;
}

/** How a run ended. `problem` says why it was broken off. */
export interface BatchResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly problem?: string;
}

/** Runs a shell on a host to its end; the world's clock jumps from event to event. */
export async function batch(
  world: World,
  ports: WorldPorts,
  host: Machine,
  options: BatchOptions,
): Promise<BatchResult> {
  const limits = { ...usualLimits, ...options.limits };
  const kept = { 1: [] as string[], 2: [] as string[] };
  let written = 0;
  const writer = (fd: 1 | 2): OpenFile =>
    textWriter((text) => {
      written += text.length;
      if (options.onOutput) options.onOutput(fd, text);
      else kept[fd].push(text);
    });
  const fds = new Map<number, OpenFile>([
    [0, textReader(options.stdin ?? "")],
    [1, writer(1)],
    [2, writer(2)],
  ]);
  const shell = login(host, { user: options.user, argv: ["bash", ...options.argv], fds });
  const { kernel, clock } = { kernel: world.kernel, clock: world.clock };
  const until: Micros = clock.now + limits.seconds * SECOND;
  const lastSlice = kernel.slices + limits.slices;
  let problem: string | undefined;
  const runOn = () => {
    while (shell.state !== "ended" && problem === undefined && clock.runNext())
      if (clock.now > until) problem = `it did not end within ${limits.seconds} seconds of the cluster's time`;
      else if (kernel.slices > lastSlice) problem = "it computes for ever";
      else if (written > limits.output) problem = `it wrote more than ${limits.output} characters`;
    return shell.state !== "ended" && problem === undefined;
  };
  while (compilingLate(runOn)) {
    if (clock.holds > 0) await ports.settled();
    else if (ports.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
    else problem = "it waits for something that will never come";
  }
  if (problem !== undefined) kill(shell);
  const result = {
    status: problem === undefined ? shell.status : 124,
    stdout: kept[1].join(""),
    stderr: kept[2].join(""),
  };
  return problem === undefined ? result : { ...result, problem };
}

/** The arguments by which bash runs a text as if it were typed: aliases count, as they do at a prompt. */
export function typed(text: string): readonly string[] {
  return ["-l", "-O", "expand_aliases", "-c", text];
}

/** Lets the world go on until a time, however long its pure host calls take. */
export async function runUntil(world: World, ports: WorldPorts, until: Micros): Promise<void> {
  while (compilingLate(() => world.clock.run(until)) === "held") await ports.settled();
}

function kill(proc: Process): void {
  for (const child of [...proc.children]) kill(child);
  proc.signal("KILL");
}
