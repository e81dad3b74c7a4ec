/** What is told of a build: that of a real release. */
export interface Build {
  /** v1.35.0 */
  readonly version: string;
  readonly gitCommit: string;
  readonly buildDate: string;
  readonly goVersion: string;
}

/** What /version tells, and `kubectl version` prints. */
export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly [more: string]: string;
}

export function versionInfo({ version, gitCommit, buildDate, goVersion }: Build): VersionInfo {
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: version,
    gitCommit,
    gitTreeState: "clean",
    buildDate,
    goVersion,
    compiler: "gc",
    platform: "linux/amd64",
  };
}
