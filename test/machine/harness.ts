import { Clock } from "../../src/base/clock.ts";
import { Random } from "../../src/base/random.ts";
import type { Credentials, OpenFile, Program, Task } from "../../src/machine/define.ts";
import { type Files, root } from "../../src/machine/define-files.ts";
import type { Network } from "../../src/machine/define-network.ts";
import { installPrograms, programTable, startCommand } from "../../src/machine/exec.ts";
import { createFiles } from "../../src/machine/files/create-files.ts";
import { makeDevices } from "../../src/machine/files/make-devices.ts";
import { Kernel } from "../../src/machine/kernel.ts";
import { Machine } from "../../src/machine/machine.ts";
import { pipe } from "../../src/machine/pipe.ts";
import type { Process } from "../../src/machine/process.ts";
import { resolvedTo, unresolved } from "../../src/machine/resolved.ts";
import type { Terminal } from "../../src/machine/terminal.ts";
import { textReader, textWriter } from "../../src/machine/text-files.ts";

/** 2026-03-01T10:00:00Z */
export const START = 1_772_359_200_000_000;
export const candidate: Credentials = { uid: 1000, gid: 1000, groups: [1000, 27] };

export type Body = (proc: Process) => Task<number>;

export interface RunOptions {
  stdin?: string;
  who?: Credentials;
  cwd?: string;
  env?: Record<string, string>;
  terminal?: Terminal;
  group?: number | "new";
  parent?: Process;
}

/** A process under test and what it has written so far. */
export interface Running {
  proc: Process;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Result {
  status: number;
  stdout: string;
  stderr: string;
}

export interface Host {
  kernel: Kernel;
  clock: Clock;
  machine: Machine;
  files: Files;
  /** Starts a command (found over PATH) or a generator, without running the clock. */
  start(what: readonly string[] | Body, options?: RunOptions): Running;
  /** Starts it and runs the clock until it has ended. Throws when the world stands still before. */
  run(what: readonly string[] | Body, options?: RunOptions): Result;
  /** Runs what is due until nothing is left at this time. */
  settle(): void;
}

/** Nobody is reachable. */
export const noNetwork: Network = {
  dial: () => ({ failed: "unreachable", because: "no network" }),
  echo: () => ({ failed: "unreachable", because: "no network" }),
  resolve: (_from, name) => (/^[\d.]+$/.test(name) ? resolvedTo(name, name) : unresolved("no network")),
};

export function makeKernel(): Kernel {
  return new Kernel(new Clock(START), new Random("test"));
}

/** A bare host: /dev, /tmp and the programs; `prepare` fills the rest. */
export function makeHost(
  options: {
    programs?: readonly Program[];
    kernel?: Kernel;
    name?: string;
    network?: Network;
    addresses?: readonly string[];
    bare?: boolean;
    prepare?: (machine: Machine) => void;
  } = {},
): Host {
  const kernel = options.kernel ?? makeKernel();
  const files = createFiles(kernel);
  const programs = options.programs ?? [];
  const machine = new Machine({
    kernel,
    name: options.name ?? "host",
    files,
    programs: programTable(programs),
    network: options.network ?? noNetwork,
    net: options.addresses ?? ["10.0.0.1"],
  });
  if (!options.bare) {
    makeDevices(files);
    files.mkdir("/tmp", root, { mode: 0o1777 });
  }
  installPrograms(files, programs);
  options.prepare?.(machine);
  return hostOf(machine);
}

/** The means to run things on a machine that was made elsewhere. */
export function hostOf(machine: Machine): Host {
  const { kernel, files } = machine;
  const { clock } = kernel;
  const start = (what: readonly string[] | Body, given: RunOptions = {}): Running => {
    const out = { stdout: "", stderr: "" };
    const common = {
      env: new Map(Object.entries({ PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", ...given.env })),
      cwd: given.cwd ?? "/",
      credentials: given.who ?? root,
      terminal: given.terminal ?? null,
      group: given.group ?? ("new" as const),
    };
    const terminal = given.terminal?.open();
    const fds = new Map<number, OpenFile>([
      [0, terminal && given.stdin === undefined ? terminal : textReader(given.stdin ?? "")],
      [1, terminal ?? textWriter((text) => (out.stdout += text))],
      [2, terminal ?? textWriter((text) => (out.stderr += text))],
    ]);
    const spawn = { ...common, fds };
    const parent = given.parent;
    let proc: Process;
    if (typeof what === "function") proc = machine.start({ ...spawn, argv: ["test"], body: what }, parent);
    else {
      // A short-lived parent looks the command up, as a shell would.
      const launcher = machine.start({ ...spawn, argv: ["launcher"], body: idle }, parent);
      proc = startCommand(launcher, what, spawn);
      launcher.signal("KILL");
    }
    return {
      proc,
      get stdout() {
        return out.stdout;
      },
      get stderr() {
        return out.stderr;
      },
    };
  };
  return {
    kernel,
    clock,
    machine,
    files,
    start,
    run(what, given) {
      const running = start(what, given);
      runUntilEnded(kernel, running.proc);
      return { status: running.proc.status, stdout: running.stdout, stderr: running.stderr };
    },
    settle() {
      while (clock.next() === clock.now && clock.runNext());
    },
  };
}

export function runUntilEnded(kernel: Kernel, proc: Process, limit = 1_000_000): void {
  for (let left = limit; proc.state !== "ended"; left--) {
    if (left === 0) throw new Error(`${proc.argv.join(" ")} does not end`);
    if (!kernel.clock.runNext()) throw new Error(`the world stands still before ${proc.argv.join(" ")} has ended`);
  }
}

/** A body that waits for a signal. */
export function* idle(proc: Process): Task<number> {
  for (;;) yield* proc.wait({ on: [proc.changed] });
}

/** Two bodies with a pipe between them; returns both statuses. */
export function* piped(proc: Process, writing: Body, reading: Body): Task<[number, number]> {
  const { reader, writer } = pipe();
  const first = proc.spawn({ argv: ["writer"], body: writing, fds: new Map([...proc.fds, [1, writer]]) });
  const second = proc.spawn({ argv: ["reader"], body: reading, fds: new Map([...proc.fds, [0, reader]]) });
  return [yield* proc.waitFor(first), yield* proc.waitFor(second)];
}
