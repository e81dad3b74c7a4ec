import type { Problem } from "../define.ts";
import { forbidden, unsupported } from "../problem.ts";

const modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** How a volume may be mounted. */
export function checkAccessModes(wanted: readonly string[], path: string, problems: Problem[]): void {
  for (const mode of wanted) if (!modes.includes(mode)) problems.push(unsupported(path, mode, modes));
  const others = wanted.some((mode) => mode !== "ReadWriteOncePod" && modes.includes(mode));
  if (wanted.includes("ReadWriteOncePod") && others)
    problems.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
}

/** As what a volume is seen: a file system or a device. */
export function checkVolumeMode(mode: string | undefined, path: string, problems: Problem[]): void {
  const supported = ["Block", "Filesystem"];
  if (mode !== undefined && !supported.includes(mode)) problems.push(unsupported(path, mode, supported));
}
