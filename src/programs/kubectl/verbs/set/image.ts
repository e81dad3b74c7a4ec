import type { JsonObject } from "../../../../base/json.ts";
import { typeAndName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { resourcesAndPairs } from "../../metadata-pairs.ts";
import { containersIn, withPodSpec } from "../../pod-template.ts";
import { recordFlag } from "../../record.ts";
import { setFlags, setObjects, setTargets } from "../../set-objects.ts";

const flags = { ...setFlags, record: recordFlag };

/** Changes the images of containers. */
export const image: Verb<typeof flags> = {
  path: ["set", "image"],
  usage:
    "set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
  short: "Update the image of a pod template",
  examples: [
    "kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1",
    "kubectl set image deployments,rc nginx=nginx:1.9.1 --all",
    "kubectl set image daemonset abc *=nginx:1.9.1",
    "kubectl set image -f path/to/file.yaml nginx=nginx:1.9.1 --local -o yaml",
  ],
  flags,
  complete: typeAndName({
    types: ["daemonsets", "deployments", "pods", "cronjobs", "replicasets", "replicationcontrollers", "statefulsets"],
    once: true,
  }),
  *run(context, { args, flags: values }) {
    const { resources, pairs } = resourcesAndPairs(args, "image");
    const images = imagesOf(pairs);
    const { found } = yield* setTargets(context, resources, values);
    if (values.all && values.selector !== "")
      throw new CommandFault("cannot set --all and --selector at the same time");
    if (images.size === 0) throw new CommandFault("at least one image update is required");
    if (images.size > 1 && images.has("*"))
      throw new CommandFault(
        "all containers are already specified by *, but saw more than one container_name=container_image pairs",
      );
    yield* setObjects(context, found, values, {
      operation: "image updated",
      failed: "failed to patch image update to pod template: ",
      change: (one, told) => withPodSpec(one, values.local, (spec) => withImages(spec, images, told)),
    });
  },
};

function imagesOf(pairs: readonly string[]): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals <= 0) throw new CommandFault(`invalid image format: ${pair}`);
    images.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return images;
}

/** A container that is not there is told, and the others are changed all the same (image.go, 1.33). */
function withImages(spec: JsonObject, images: ReadonlyMap<string, string>, told: (fault: Error) => void): JsonObject {
  const missing = new Set(images.keys());
  const changed = (list: "containers" | "initContainers") =>
    containersIn(spec, list).map((container) => {
      const name = String(container.name ?? "");
      const key = images.has("*") ? "*" : name;
      const wanted = images.get(key);
      if (wanted === undefined) return container;
      missing.delete(key);
      return { ...container, image: wanted };
    });
  const next = { ...spec, containers: changed("containers") };
  const result = spec.initContainers === undefined ? next : { ...next, initContainers: changed("initContainers") };
  for (const name of missing) told(new CommandFault(`error: unable to find container named ${JSON.stringify(name)}`));
  return result;
}
