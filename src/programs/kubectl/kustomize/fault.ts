import { FormatError } from "../../../base/format-error.ts";
import { PatchError } from "../../../base/patch/patch-error.ts";
import { CommandFault } from "../faults.ts";

/** Why a kustomization cannot be built, in kustomize's words. */
export class BuildFault extends CommandFault {}

/** What real kustomize would do and the simulation does not: said as it is, whatever was being done. */
export class NotSimulatedFault extends CommandFault {}

/** The message of a fault of the build; everything else is thrown again. */
export function messageOf(fault: unknown): string {
  const known = fault instanceof BuildFault || fault instanceof FormatError || fault instanceof PatchError;
  if (!known) throw fault;
  return fault.message;
}

/** Does something, and says what it was for where it fails. */
export function within<T>(what: string | (() => string), work: () => T): T {
  try {
    return work();
  } catch (fault) {
    throw new BuildFault(`${typeof what === "string" ? what : what()}: ${messageOf(fault)}`);
  }
}
