import type { JsonObject } from "../../../../base/json.ts";
import type { FlagValues } from "../../define.ts";
import { boolFlag, csvFlag, mapFlag, textFlag } from "../../flag-types.ts";

/** What kubectl debug takes (cmd/debug/debug.go, 1.33). */
export const flags = {
  "arguments-only": boolFlag("What follows -- becomes the new container's args instead of its command."),
  attach: boolFlag("Wait for the container and attach to it; the default with -i."),
  container: textFlag("The name of the debug container.", { short: "c" }),
  "copy-to": textFlag("Make a copy of the pod under this name."),
  custom: textFlag("A JSON or YAML file with a part of a container, laid over the profile."),
  env: mapFlag("Environment variables of the container."),
  filename: csvFlag("Files that name what to debug.", { short: "f" }),
  image: textFlag("The image of the debug container."),
  "image-pull-policy": textFlag("The container's image pull policy; the server's default where left out."),
  "keep-annotations": boolFlag("Keep the pod's annotations in the copy."),
  "keep-init-containers": boolFlag("Run the init containers in the copy.", { initial: true }),
  "keep-labels": boolFlag("Keep the pod's labels in the copy."),
  "keep-liveness": boolFlag("Keep the liveness probes in the copy."),
  "keep-readiness": boolFlag("Keep the readiness probes in the copy."),
  "keep-startup": boolFlag("Keep the startup probes in the copy."),
  profile: textFlag("legacy, general, baseline, netadmin, restricted or sysadmin.", {
    initial: "legacy",
  }),
  quiet: boolFlag("No informational messages.", { short: "q" }),
  replace: boolFlag("With --copy-to, delete the original pod."),
  "same-node": boolFlag("With --copy-to, put the copy on the same node."),
  "set-image": mapFlag("With --copy-to, name=image pairs of the containers whose image is changed."),
  "share-processes": boolFlag("With --copy-to, share the process namespace in the copy.", { initial: true }),
  stdin: boolFlag("Keep the container's stdin open.", { short: "i" }),
  target: textFlag("The container whose processes an ephemeral container sees."),
  tty: boolFlag("Give the container a terminal.", { short: "t" }),
};

export type DebugValues = FlagValues<typeof flags>;

/** What a debug command line asks for. */
export interface DebugWish {
  readonly values: DebugValues;
  readonly given: ReadonlySet<string>;
  /** What follows --. */
  readonly words: readonly string[];
  /** The container of --custom. */
  readonly custom: JsonObject | undefined;
}
