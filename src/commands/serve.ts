import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileProblem, LabError } from "../lab/lab-error.ts";
import { Library } from "../lab/library.ts";
import { makeWorld } from "../lab/make-world.ts";
import { serveWorld } from "../wire/serve-world.ts";

/** What `cka-lab serve` was asked for. */
export interface ServeOptions {
  readonly world: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly kubeconfig: string;
  readonly seed: string;
}

/** Serves a world's API on 127.0.0.1 until SIGINT or SIGTERM. Throws LabError for a taken port or a file that cannot be written. */
export async function serve(options: ServeOptions): Promise<void> {
  const library = new Library();
  const { world } = makeWorld(library.world(options.world).plan("controlplane"), options.seed, Date.now() * 1000);
  const served = await serveWorld(world, options.port).catch((error: NodeJS.ErrnoException) => {
    throw new LabError(portProblem(error, options.port));
  });
  const file = resolve(options.kubeconfig);
  try {
    writeFileSync(file, served.kubeconfig, { mode: 0o600 });
  } catch (error) {
    await served.close();
    throw new LabError(`the kubeconfig cannot be written to ${file}: ${fileProblem(error)}`);
  }
  process.stdout.write(`serving ${world.plan.name} on https://127.0.0.1:${served.port}, kubeconfig ${file}\n`);
  await new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop());
  });
  await served.close();
}

function portProblem(error: NodeJS.ErrnoException, port: number): string {
  if (error.code === "EADDRINUSE") return `port ${port} is in use; choose another with --port, or 0 for a free one`;
  if (error.code === "EACCES") return `port ${port} may not be opened; choose one above 1023`;
  return `port ${port}: ${error.message}`;
}
