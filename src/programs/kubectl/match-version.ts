import type { JsonObject } from "../../base/json.ts";
import { releaseOf } from "../../cluster/kubeadm/release.ts";
import { kubernetesVersion } from "../../schema/types.ts";
import { CommandFault } from "./faults.ts";

/** Throws where the server is of another version than the client (--match-server-version; client-go discovery/helper.go). */
export function matchVersion(server: JsonObject): void {
  const { version, gitCommit, buildDate, goVersion } = releaseOf(undefined);
  if (server.gitVersion === version) return;
  const { major, minor } = kubernetesVersion;
  const client = { major, minor, gitVersion: version, gitCommit, gitTreeState: "clean", buildDate, goVersion };
  throw new CommandFault(
    `server version (&${infoText(server)}) differs from client version (${infoText({ ...client, compiler: "gc", platform: "linux/amd64" })})`,
  );
}

const fields = [
  "major",
  "minor",
  "emulationMajor",
  "emulationMinor",
  "minCompatibilityMajor",
  "minCompatibilityMinor",
  "gitVersion",
  "gitCommit",
  "gitTreeState",
  "buildDate",
  "goVersion",
  "compiler",
  "platform",
];

function infoText(info: JsonObject): string {
  const shown = fields.map(
    (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}:${JSON.stringify(info[name] ?? "")}`,
  );
  return `version.Info{${shown.join(", ")}}`;
}
