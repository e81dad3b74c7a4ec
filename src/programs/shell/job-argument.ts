import type { Task } from "../../machine/define.ts";
import type { Job } from "./job-table.ts";
import type { Shell } from "./shell.ts";

/** The job that an argument names; tells where there is none. */
export function* jobNamed(shell: Shell, builtin: string, spec: string | undefined): Task<Job | undefined> {
  const job = shell.jobs.find(spec ?? "");
  if (job !== undefined && job !== "ambiguous") return job;
  const shown = spec ?? "current";
  yield* shell.complain(`${builtin}: ${shown}: ${job === "ambiguous" ? "ambiguous job spec" : "no such job"}`);
  return undefined;
}
