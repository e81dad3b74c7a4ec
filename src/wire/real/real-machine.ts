import { homedir } from "node:os";
import process from "node:process";
import { Clock } from "../../base/clock.ts";
import { Random } from "../../base/random.ts";
import type { Program, Signal } from "../../machine/define.ts";
import type { Outside } from "../../machine/define-network.ts";
import { Kernel } from "../../machine/kernel.ts";
import { Machine } from "../../machine/machine.ts";
import type { Process } from "../../machine/process.ts";
import { unresolved } from "../../machine/resolved.ts";
import { identityProblem } from "./identity-problem.ts";
import { nativeProgram } from "./native-program.ts";
import { RealFiles } from "./real-files.ts";
import { StandardStreams } from "./standard-streams.ts";

/** How far a computing process may run ahead of the real clock, in microseconds: computing has its own count of time. */
const AHEAD = 50_000;

/** Runs one of our programs on the real machine: its files, its environment, its terminal, its network, its time. Gives the exit status. */
export async function runOnRealMachine(program: Program, argv: readonly string[]): Promise<number> {
  let awake = () => {};
  let news = false;
  const notify = () => {
    news = true;
    awake();
  };
  const kernel = new Kernel(new Clock(realTime()), new Random(`${process.pid} ${realTime()}`));
  const streams = new StandardStreams(notify);
  const outside = lazyOutside(notify);
  const machine = new Machine({
    kernel,
    name: "localhost",
    files: new RealFiles(),
    programs: new Map(),
    network: {
      outside: outside.port,
      dial: (_from, address, port) => ({ failed: "refused", because: `nothing listens on ${address}:${port}` }),
      echo: () => ({ failed: "unreachable", because: "the real machine is asked by its own programs" }),
      resolve: () => unresolved("the real machine looks names up itself"),
    },
    net: ["127.0.0.1"],
    firstPid: process.pid,
    native: (path) => nativeProgram(path, streams, notify),
  });
  const proc = machine.start({
    argv: [program.name, ...argv],
    env: environment(),
    cwd: process.cwd(),
    credentials: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, groups: process.getgroups?.() ?? [] },
    terminal: streams.terminal ?? null,
    group: "new",
    fds: streams.fds,
    body: (self) => program.run(self, argv),
  });
  const unhook = passSignals(proc, notify);
  try {
    for (;;) {
      news = false;
      runDue(kernel.clock, proc);
      if (proc.state === "ended") return proc.status;
      if (news) continue;
      await new Promise<void>((resolve) => {
        awake = resolve;
        const next = kernel.clock.next();
        if (next !== undefined) wakeAt(next, resolve);
      });
    }
  } finally {
    unhook();
    outside.close();
    streams.close();
  }
}

function runDue(clock: Clock, proc: Process): void {
  for (let next = clock.next(); next !== undefined && next <= realTime() + AHEAD; next = clock.next()) {
    clock.runNext();
    if (proc.state === "ended") return;
  }
  // Nothing is due before the real time: the clock may go there.
  clock.run(Math.max(clock.now, realTime()));
}

let timer: NodeJS.Timeout | undefined;

function wakeAt(at: number, wake: () => void): void {
  clearTimeout(timer);
  timer = setTimeout(wake, Math.max(1, Math.ceil((at - realTime()) / 1000)));
}

/** Loading node's `performance` takes longer than most commands need in all. */
const origin = Date.now() * 1000 - ticks();

function ticks(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000_000 + nanoseconds / 1000;
}

/** The real time in microseconds. */
function realTime(): number {
  return Math.round(origin + ticks());
}

function environment(): Map<string, string> {
  const env = new Map(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  if (!env.get("HOME")) env.set("HOME", homedir());
  return env as Map<string, string>;
}

/** Hands the signals that this process gets to the simulated one. Gives what takes that back. */
function passSignals(proc: Process, notify: () => void): () => void {
  const hooks = (["INT", "TERM", "HUP", "QUIT"] as const satisfies readonly Signal[]).map((signal) => {
    const hook = () => {
      for (const one of [proc, ...proc.children]) one.signal(signal);
      notify();
    };
    process.on(`SIG${signal}`, hook);
    return [signal, hook] as const;
  });
  return () => {
    clearTimeout(timer);
    for (const [signal, hook] of hooks) process.off(`SIG${signal}`, hook);
  };
}

/** The part of it that is loaded late. */
type OutsideNetwork = Omit<Outside, "identityProblem">;

/** The way out, loaded when somebody takes it. */
function lazyOutside(notify: () => void): { readonly port: Outside; close(): void } {
  let network: Promise<{ port: OutsideNetwork; close(): void }> | undefined;
  const found = (): Promise<{ port: OutsideNetwork; close(): void }> => {
    network ??= import("../outside/outside-network.ts").then(({ outsideNetwork }) => outsideNetwork(notify));
    return network;
  };
  /** Starts something over the network, and gives what breaks it off. */
  const start = (work: (port: OutsideNetwork) => () => void): (() => void) => {
    let brokenOff = false;
    let breakOff = () => {};
    void found().then(({ port }) => {
      if (!brokenOff) breakOff = work(port);
    });
    return () => {
      brokenOff = true;
      breakOff();
    };
  };
  return {
    port: {
      identityProblem,
      reach: (server, done) => start((port) => port.reach(server, done)),
      send: (server, request, done) => start((port) => port.send(server, request, done)),
    },
    close: () => void network?.then((open) => open.close()),
  };
}
