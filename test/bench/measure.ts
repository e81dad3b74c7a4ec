import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The value below which the share `part` of the samples lies. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Wall and processor time of some work, in milliseconds. */
export async function timed(work: () => unknown): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

/** Resident memory of this process, in MiB. */
export function residentMiB(): number {
  return process.memoryUsage.rss() / 1024 / 1024;
}

/** A child that has ended: how long it took, what it printed. */
export interface Ended {
  readonly wall: number;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of every child: without NODE_EXTRA_CA_CERTS, which costs a node process 40 ms of its start. */
export function plainEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env;
  return { ...env, ...more };
}

/** Runs a process to its end. */
export function runProcess(command: string, args: readonly string[], env = plainEnvironment()): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ wall: performance.now() - start, status, ...printed }));
  });
}

/** Runs several command lines in turns, so that the machine's moods meet all alike. One list of milliseconds each. */
export async function interleaved(rounds: number, runs: readonly (() => Promise<Ended>)[]): Promise<number[][]> {
  const samples = runs.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, run] of runs.entries()) {
      const { wall, status, stderr } = await run();
      if (status !== 0) throw new Error(`a measured command failed with status ${status}: ${stderr}`);
      samples[i]?.push(wall);
    }
  return samples;
}

/** The most memory that a command had, in MiB, and its processor time in milliseconds; undefined without GNU time. */
export async function costOf(
  command: string,
  args: readonly string[],
): Promise<{ rss: number; cpu: number } | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "cka-lab-bench-"));
  const file = join(folder, "time");
  try {
    await runProcess("/usr/bin/time", ["-f", "%M %U %S", "-o", file, command, ...args]);
    const [kib = 0, user = 0, system = 0] = (readFileSync(file, "utf8").trim().split("\n").at(-1) ?? "")
      .split(" ")
      .map(Number);
    return { rss: kib / 1024, cpu: (user + system) * 1000 };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
