import { type JsonObject, toJson } from "../../../base/json.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import { releaseOf } from "../../../cluster/kubeadm/release.ts";
import { kubernetesVersion } from "../../../schema/types.ts";
import type { Verb } from "../define.ts";
import { CommandFault } from "../faults.ts";
import { boolFlag, textFlag } from "../flag-types.ts";
import { versionSkew } from "../version-skew.ts";

/** The kustomize that is built into kubectl 1.35. */
const KUSTOMIZE = "v5.7.1";

const flags = {
  client: boolFlag("Show the client's version only; no server is needed."),
  output: textFlag("One of 'yaml' or 'json'.", { short: "o" }),
};

/** The versions of client and server. */
export const version: Verb<typeof flags> = {
  path: ["version"],
  usage: "version [flags] [options]",
  short: "Print the client and server version information",
  long: "Print the client and server version information for the current context.",
  examples: ["kubectl version", "kubectl version --client", "kubectl version -o json"],
  flags,
  config: "none",
  *run(context, { args, flags: { client, output } }) {
    if (!client) context.checkConfig("whole");
    if (args.length > 0) throw new CommandFault(`extra arguments: [${args.join(" ")}]`);
    if (output !== "" && output !== "yaml" && output !== "json")
      throw new CommandFault("--output must be 'yaml' or 'json'");
    const clientVersion = clientInfo();
    let serverVersion: JsonObject | undefined;
    let failure: unknown;
    if (!client) {
      try {
        serverVersion = yield* context.client.object({ path: "/version", query: { timeout: "32s" } });
      } catch (fault) {
        failure = fault;
      }
    }
    const all = { clientVersion, kustomizeVersion: KUSTOMIZE, ...(serverVersion ? { serverVersion } : {}) };
    if (output === "json") context.out.line(toJson(all, { indent: 2 }));
    else if (output === "yaml") context.out.line(toYaml(all));
    else {
      context.out.line(`Client Version: ${clientVersion.gitVersion}`);
      context.out.line(`Kustomize Version: ${KUSTOMIZE}`);
      if (serverVersion) context.out.line(`Server Version: ${serverVersion.gitVersion}`);
    }
    if (failure) throw failure;
    const skew = serverVersion && versionSkew(clientVersion, serverVersion);
    if (skew) context.err.line(skew);
  },
};

function clientInfo(): JsonObject & { readonly gitVersion: string } {
  const release = releaseOf(undefined);
  return {
    major: kubernetesVersion.major,
    minor: kubernetesVersion.minor,
    gitVersion: release.version,
    gitCommit: release.gitCommit,
    gitTreeState: "clean",
    buildDate: release.buildDate,
    goVersion: release.goVersion,
    compiler: "gc",
    platform: "linux/amd64",
  };
}
