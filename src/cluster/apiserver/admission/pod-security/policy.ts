import type { Problem } from "../../../../kinds/define.ts";
import { wrong } from "../../../../kinds/problem.ts";

export type Level = "privileged" | "baseline" | "restricted";

/** A level of the Pod Security Standards as a minor version of Kubernetes has it. */
export interface LevelVersion {
  readonly level: Level;
  readonly version: number | "latest";
}

type Mode = "enforce" | "audit" | "warn";

/** What holds for a namespace: refused, recorded, warned of. */
export type SecurityPolicy = Readonly<Record<Mode, LevelVersion>>;

/** The newest version of the standards. */
export const NEWEST = 35;

const prefix = "pod-security.kubernetes.io/";
const levels: readonly Level[] = ["privileged", "baseline", "restricted"];

/** restricted:latest, baseline:v1.30 */
export function levelText({ level, version }: LevelVersion): string {
  return `${level}:${version === "latest" ? version : `v1.${version}`}`;
}

export function sameLevel(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.version === b.version;
}

/** Above 0 where the first is stricter. */
export function compareLevels(a: Level, b: Level): number {
  return levels.indexOf(a) - levels.indexOf(b);
}

export function isPrivileged({ enforce, audit, warn }: SecurityPolicy): boolean {
  return enforce.level === "privileged" && audit.level === "privileged" && warn.level === "privileged";
}

/** A level by its name; the strictest, with a fault, where there is no such level. */
export function readLevel(text: string): { readonly level: Level; readonly fault?: string } {
  const level = levels.find((one) => one === text);
  return level ? { level } : { level: "restricted", fault: `must be one of ${levels.join(", ")}` };
}

/** "latest" or v1.30; the latest, with a fault, where it is neither. */
export function readVersion(text: string): { readonly version: number | "latest"; readonly fault?: string } {
  if (text === "latest") return { version: "latest" };
  const minor = /^v1\.([0-9]|[1-9][0-9]*)$/.exec(text)?.[1];
  return minor === undefined ? { version: "latest", fault: 'must be "latest" or "v1.x"' } : { version: Number(minor) };
}

const noProblems: readonly Problem[] = [];

/** What the labels of a namespace ask for, and what is wrong with them (api/helpers.go PolicyToEvaluate, 0.35). */
export function policyOf(
  labels: Readonly<Record<string, string>> | undefined,
  defaults: SecurityPolicy,
): { readonly policy: SecurityPolicy; readonly problems: readonly Problem[] } {
  if (!labels || !mentions(labels)) return { policy: defaults, problems: noProblems };
  const problems: Problem[] = [];
  const read = (mode: Mode): LevelVersion => {
    let { level, version } = defaults[mode];
    const [asked, askedVersion] = [labels[prefix + mode], labels[`${prefix}${mode}-version`]];
    if (asked !== undefined) {
      const found = readLevel(asked);
      // What is not known is refused as the strictest, and neither recorded nor warned of.
      level = found.fault && mode !== "enforce" ? "privileged" : found.level;
      if (found.fault) problems.push(wrong(`metadata.labels[${prefix}${mode}]`, asked, found.fault));
    }
    if (askedVersion !== undefined) {
      const found = readVersion(askedVersion);
      version = found.version;
      if (found.fault) problems.push(wrong(`metadata.labels[${prefix}${mode}-version]`, askedVersion, found.fault));
    }
    return { level, version };
  };
  const policy = { enforce: read("enforce"), audit: read("audit"), warn: read("warn") };
  const { enforce, warn } = policy;
  const isSaid = labels[`${prefix}enforce`] !== undefined && !readLevel(labels[`${prefix}enforce`] ?? "").fault;
  if (labels[`${prefix}warn`] === undefined && isSaid && compareLevels(enforce.level, warn.level) > 0) {
    const version = labels[`${prefix}warn-version`] === undefined ? enforce.version : warn.version;
    return { policy: { ...policy, warn: { level: enforce.level, version } }, problems };
  }
  return { policy, problems };
}

function mentions(labels: Readonly<Record<string, string>>): boolean {
  for (const key in labels) if (key.startsWith(prefix)) return true;
  return false;
}

/** enforce=baseline:latest, warn=restricted:latest: what labels ask for beyond privileged. */
export function askedText(policy: SecurityPolicy, labels: Readonly<Record<string, string>> | undefined): string {
  return (["enforce", "audit", "warn"] as const)
    .filter((mode) => {
      const isAsked = labels?.[prefix + mode] !== undefined || labels?.[`${prefix}${mode}-version`] !== undefined;
      return isAsked && policy[mode].level !== "privileged";
    })
    .map((mode) => `${mode}=${levelText(policy[mode])}`)
    .join(", ");
}
