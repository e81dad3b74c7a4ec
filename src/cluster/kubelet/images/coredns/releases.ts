/** What a release of CoreDNS says of itself when it starts: its compiler and its commit. */
const builds: Readonly<Record<string, string>> = {
  "1.13.1": "go1.25.2, 1db4568",
  "1.12.1": "go1.24.1, 707c7c1",
  "1.12.0": "go1.23.3, 51e11f1",
  "1.11.3": "go1.21.11, a6338e9",
};

/** The two lines that CoreDNS begins with, after its zones. */
export function versionLines(version: string): string {
  return `CoreDNS-${version}\nlinux/amd64, ${builds[version] ?? builds["1.13.1"]}\n`;
}

/** Compiler and commit of a release, as its metrics have them. */
export function buildOf(version: string): {
  readonly goversion: string;
  readonly revision: string;
  readonly version: string;
} {
  const [goversion = "", revision = ""] = (builds[version] ?? "").split(", ");
  return { goversion, revision, version };
}
