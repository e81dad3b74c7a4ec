import type { Verb } from "../../define.ts";
import { csvFlag, int32Flag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";

const flags = {
  ...generatorFlags,
  image: csvFlag("The image of a container; with several, the deployment has several containers."),
  port: int32Flag("The port that the container exposes.", { initial: -1 }),
  replicas: int32Flag("How many replicas there shall be.", { initial: 1, short: "r" }),
};

/** Makes a deployment. */
export const deployment: Verb<typeof flags> = {
  path: ["create", "deployment"],
  aliases: ["deploy"],
  usage: "create deployment NAME --image=image -- [COMMAND] [args...]",
  short: "Create a deployment with the specified name",
  examples: [
    "kubectl create deployment my-dep --image=busybox",
    "kubectl create deployment my-dep --image=busybox -- date",
    "kubectl create deployment my-dep --image=nginx --replicas=3",
    "kubectl create deployment my-dep --image=busybox --port=5701",
  ],
  flags,
  config: "whole",
  required: ["image"],
  check({ args, dash, flags: { image } }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    return image.length > 1 && args.length > 1 ? "cannot specify multiple --image options and command" : undefined;
  },
  *run(context, { args: [name = "", ...command], flags: values }) {
    const labels = { app: name };
    const { random } = context.proc.machine.kernel;
    const containers = values.image.map((image, i) => ({
      name: containerName(image, () => random.suffix(5)),
      image,
      ...(command.length > 0 ? { command } : {}),
      ...(values.port >= 0 && i === 0 ? { ports: [{ containerPort: values.port }] } : {}),
    }));
    const object = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: generatedMetadata(context, name, { labels }),
      spec: {
        replicas: values.replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    };
    yield* createGenerated(context, values, { object, plural: "deployments", failed: "failed to create deployment: " });
  },
};

/** The image's own name; with `_` and `.` replaced, and then a random end (create_deployment.go, 1.33). */
function containerName(image: string, ending: () => string): string {
  const name = (image.split("/").at(-1) ?? "").replace(/[:@].*/, "");
  return /[_.]/.test(name) ? `${name.replace(/[_.]/g, "-")}-${ending()}` : name;
}
