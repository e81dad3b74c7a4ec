import { baselineChecks } from "./baseline.ts";
import type { Checked, SecurityCheck, Violation } from "./define.ts";
import { type LevelVersion, NEWEST } from "./policy.ts";
import { restrictedChecks } from "./restricted.ts";

type Check = SecurityCheck["versions"][number];

/** What a level has against a pod, baseline's checks first (policy/registry.go, 0.35). */
export function violationsOf({ level, version }: LevelVersion, pod: Checked): readonly Violation[] {
  if (level === "privileged") return [];
  const minor = version === "latest" ? NEWEST : Math.min(version, NEWEST);
  return checksOf(level, minor).flatMap((check) => check(pod) ?? []);
}

const made = new Map<string, readonly Check["check"][]>();

function checksOf(level: "baseline" | "restricted", minor: number): readonly Check["check"][] {
  const key = `${level}:${minor}`;
  const known = made.get(key);
  if (known) return known;
  const inForce = (checks: readonly SecurityCheck[]) =>
    checks.flatMap(({ id, versions }) => {
      const found = versions.findLast(({ since }) => since <= minor);
      return found ? [{ id, ...found }] : [];
    });
  const added = level === "restricted" ? inForce(restrictedChecks) : [];
  const overridden = new Set(added.map(({ overrides }) => overrides));
  const kept = inForce(baselineChecks).filter(({ id }) => !overridden.has(id));
  const checks = [...kept, ...added].map(({ check }) => check);
  made.set(key, checks);
  return checks;
}

/** privileged (container "a" must not …), host namespaces (hostPID=true) */
export function detailsOf(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(", ");
}

/** privileged, host namespaces */
export function reasonsOf(violations: readonly Violation[]): string {
  return violations.map(({ reason }) => reason).join(", ");
}
