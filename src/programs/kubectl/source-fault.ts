import { Status } from "../../kinds/status.ts";
import { CommandFault } from "./faults.ts";

/** A fault with what was being done and the file it was done for (cmdutil.AddSourceToErr, 1.33). */
export function withSource(verb: string, source: string, fault: unknown): unknown {
  if (source === "") return fault;
  const about = (message: string) => `error when ${verb} ${JSON.stringify(source)}: ${message}`;
  if (fault instanceof Status) return new Status(fault.reason, about(fault.message), fault.details, fault.code);
  if (fault instanceof CommandFault) return new CommandFault(about(fault.message), fault.status);
  return fault;
}

/** What is said where files must be given with -f or -k, and are not (resource.FilenameOptions). */
export function filesProblem(
  { filename, kustomize }: { readonly filename: readonly string[]; readonly kustomize: string },
  required = true,
): string | undefined {
  if (kustomize !== "" && filename.length > 0) return "only one of -f or -k can be specified";
  return required && kustomize === "" && filename.length === 0 ? "must specify one of -f and -k" : undefined;
}
