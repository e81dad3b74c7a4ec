import { problemText, unsupported } from "../../../kinds/problem.ts";
import { Status } from "../../../kinds/status.ts";
import type { Container, Pod } from "../../../kinds/types/pod.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../define.ts";
import { forbidden } from "../errors.ts";
import { nameIn, podIn } from "./requests.ts";

/** Every image is pulled at every start, so that nobody runs what only others may pull (kubernetes plugin/pkg/admission/alwayspullimages, 1.35). */
export const alwaysPullImages: AdmissionPlugin = {
  name: "AlwaysPullImages",
  offByDefault: true,
  mutate(request) {
    const pod = podWithNewImages(request);
    if (!pod) return;
    for (const { container } of containersOf(pod)) container.imagePullPolicy = "Always";
    for (const volume of pod.spec.volumes ?? [])
      if (volume.image) volume.image = { ...volume.image, pullPolicy: "Always" };
  },
  validate(request) {
    const pod = podWithNewImages(request);
    if (!pod) return;
    const refusals = containersOf(pod)
      .filter(({ container }) => container.imagePullPolicy !== "Always")
      .map(({ container, path }) => {
        const problem = unsupported(`${path}.imagePullPolicy`, container.imagePullPolicy ?? "", ["Always"]);
        return forbidden(request.kind, nameIn(request), problemText(problem));
      });
    const [first, ...more] = refusals;
    if (!first) return;
    if (more.length === 0) throw first;
    // An aggregate of errors is none that the client knows: its text stands alone.
    throw new Status("", `[${refusals.map(({ message }) => message).join(", ")}]`);
  },
};

function podWithNewImages(request: AdmissionRequest): Pod | undefined {
  const pod = podIn(request);
  if (!pod || !request.old) return pod;
  const before = new Set(containersOf(request.old as Pod).map(({ container }) => container.image));
  return containersOf(pod).some(({ container }) => !before.has(container.image)) ? pod : undefined;
}

function containersOf({ spec }: Pod): readonly { readonly container: Container; readonly path: string }[] {
  const fields = ["initContainers", "containers", "ephemeralContainers"] as const;
  return fields.flatMap((field) =>
    (spec[field] ?? []).map((container, i) => ({ container: container as Container, path: `spec.${field}[${i}]` })),
  );
}
