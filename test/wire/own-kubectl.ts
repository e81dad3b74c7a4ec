import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

/** What a command printed, and how it ended. */
export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

export interface RunOptions {
  readonly stdin?: string;
  /** Interrupts the command as soon as its output is so. */
  readonly until?: RegExp;
  /** Is shown all output so far, whenever some came; the command goes on until it is done with it. */
  readonly saw?: (stdout: string) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder with a home, files and a kubeconfig, in which commands are run. */
export interface Desk {
  readonly folder: string;
  file(name: string, text: string, mode?: number): void;
  /** Runs our kubectl as a program of its own, as `cka-lab kubectl` does. */
  ours(args: readonly string[], options?: RunOptions): Promise<Run>;
  /** Runs another program, with a home of its own that nothing was kept in. */
  other(program: string, args: readonly string[], options?: RunOptions): Promise<Run>;
}

let built: Promise<string> | undefined;

/** Our kubectl in one file, as the build makes it. */
export function ownProgram(): Promise<string> {
  built ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), "cka-lab-kubectl-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const contents = `import { runKubectl } from "./src/commands/run-kubectl.ts";
      process.exitCode = await runKubectl(process.argv.slice(2));`;
    await build({
      stdin: { contents, resolveDir: process.cwd(), sourcefile: "kubectl.ts" },
      bundle: true,
      splitting: true,
      platform: "node",
      format: "esm",
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      logLevel: "error",
    });
    return join(folder, "stdin.mjs");
  })();
  return built;
}

export function desk(kubeconfig: string): Desk {
  const folder = mkdtempSync(join(tmpdir(), "cka-lab-desk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "kubeconfig"), kubeconfig);
  let homes = 0;
  const run = (command: string, args: readonly string[], { stdin, until, saw, env }: RunOptions = {}) => {
    const home = join(folder, `home${homes++}`);
    mkdirSync(home);
    const child = spawn(command, args, {
      cwd: folder,
      env: {
        HOME: home,
        KUBECONFIG: join(folder, "kubeconfig"),
        PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
        ...env,
      },
      timeout: 50_000,
    });
    return new Promise<Run>((resolve, reject) => {
      const printed = { stdout: "", stderr: "" };
      let seen: Promise<void> = Promise.resolve();
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        printed.stdout += text;
        seen = seen.then(() => saw?.(printed.stdout));
        void seen.then(() => until?.test(printed.stdout) && child.kill("SIGINT"));
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        printed.stderr += text;
      });
      child.on("error", reject);
      child.on("close", (status) => resolve({ ...printed, status }));
      child.stdin.on("error", () => {});
      child.stdin.end(stdin ?? "");
    });
  };
  return {
    folder,
    file: (name, text, mode = 0o644) => writeFileSync(join(folder, name), text, { mode }),
    ours: async (args, options) => run(process.execPath, [await ownProgram(), ...args], options),
    other: run,
  };
}
