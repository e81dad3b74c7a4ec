import type { Problem } from "../define.ts";
import { required, tooLong } from "../problem.ts";
import { check } from "./labels.ts";
import { dnsSubdomain } from "./words.ts";

const LONGEST = 63;

/** The name of a CSI driver (kubernetes pkg/apis/core/validation ValidateCSIDriverName, 1.35). */
export function checkCsiDriverName(name: string | undefined, path: string, problems: Problem[]): void {
  if (!name) {
    problems.push(required(path));
    return;
  }
  if (name.length > LONGEST) problems.push(tooLong(path, LONGEST));
  check(dnsSubdomain, name.toLowerCase(), path, problems);
}
