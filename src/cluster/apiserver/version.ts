/** What /version tells, and `kubectl version` prints. */
export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly [more: string]: string;
}

/** The build of a release. Commit and date are those of no real build: they stand for this program. */
export function versionInfo(gitVersion: string): VersionInfo {
  const [, major = "1", minor = "35"] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion,
    gitCommit: "66452049f3d692768c39c797b21b793dce80314e",
    gitTreeState: "clean",
    buildDate: "2025-12-17T12:32:07Z",
    goVersion: "go1.25.5",
    compiler: "gc",
    platform: "linux/amd64",
  };
}
