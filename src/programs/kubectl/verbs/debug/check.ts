import type { Input } from "../../define.ts";
import { isImageName } from "../../image-form.ts";
import type { DebugValues, flags } from "./flags.ts";
import { isProfile } from "./profiles.ts";

/** What is wrong with the words of a debug command line alone, in kubectl's order (debug.go Complete and Validate, 1.33). */
export function debugProblem({
  args,
  dash = args.length,
  flags: values,
  given,
}: Input<typeof flags>): string | undefined {
  const words = args.slice(dash);
  const { image, container, filename, tty, stdin } = values;
  if (!isProfile(values.profile)) return `unknown profile: ${values.profile}`;
  if (values.attach && given.has("attach") && image === "" && container === "")
    return "you must specify --container or create a new container using --image in order to attach.";
  const ways = values["copy-to"] === "" ? inPlaceProblem(values) : copyProblem(values, words);
  if (ways !== undefined) return ways;
  if (image !== "" && !isImageName(image))
    return `invalid image name ${JSON.stringify(image)}: invalid reference format`;
  if (args.length - words.length === 0 && filename.length === 0) return "NAME or filename is required for debug";
  const policy = values["image-pull-policy"];
  if (!["", "Always", "IfNotPresent", "Never"].includes(policy)) return `invalid image pull policy: ${policy}`;
  for (const [name, one] of Object.entries(values["set-image"]))
    if (!isImageName(one))
      return `invalid image name ${JSON.stringify(one)} for container ${JSON.stringify(name)}: invalid reference format`;
  if (values.target !== "" && values["copy-to"] !== "")
    return "--target is incompatible with --copy-to. Use --share-processes instead.";
  return tty && !stdin ? "-i/--stdin is required for containers with -t/--tty=true" : undefined;
}

function copyProblem({ image, container, "set-image": images }: DebugValues, words: readonly string[]) {
  if (image === "" && Object.keys(images).length === 0 && words.length === 0)
    return "you must specify --image, --set-image or command arguments.";
  return words.length > 0 && container === "" && image === ""
    ? "you must specify an existing container or a new image when specifying args."
    : undefined;
}

function inPlaceProblem({ image, replace, "same-node": sameNode, "set-image": images }: DebugValues) {
  if (replace) return "--replace may only be used with --copy-to.";
  if (sameNode) return "--same-node may only be used with --copy-to.";
  if (Object.keys(images).length > 0) return "--set-image may only be used with --copy-to.";
  return image === "" ? "you must specify --image when not using --copy-to." : undefined;
}
