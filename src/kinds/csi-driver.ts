import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import { equal } from "./equal.ts";
import { duplicate, immutable, required, unsupported, wrong } from "./problem.ts";
import type { CSIDriver } from "./types/storage.ts";
import { checkCsiDriverName } from "./validation/csi-driver-name.ts";

const modes = ["Ephemeral", "Persistent"];
const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
/** What a service account's token may last, in seconds. */
const SHORTEST_TOKEN = 600;
const LONGEST_TOKEN = 2 ** 32;

/** What a cluster knows of a CSI driver that was installed. */
export const csiDriver: Kind<CSIDriver> = {
  kind: "CSIDriver",
  plural: "csidrivers",
  group: "storage.k8s.io",
  version: "v1",
  namespaced: false,
  defaults(object) {
    object.spec ??= {};
    const { spec } = object;
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
    if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ["Persistent"];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  },
  problems: problemsOf,
  problemsOfUpdate({ spec }, { spec: old }) {
    const problems: Problem[] = [];
    if (spec.attachRequired !== old.attachRequired)
      problems.push(immutable("spec.attachedRequired", spec.attachRequired));
    if (!equal(spec.volumeLifecycleModes, old.volumeLifecycleModes))
      problems.push(immutable("spec.volumeLifecycleModes", spec.volumeLifecycleModes));
    return problems;
  },
  columns: [
    nameColumn,
    { name: "AttachRequired", type: "boolean", cell: ({ spec }) => spec.attachRequired ?? true },
    { name: "PodInfoOnMount", type: "boolean", cell: ({ spec }) => spec.podInfoOnMount ?? false },
    { name: "StorageCapacity", type: "boolean", cell: ({ spec }) => spec.storageCapacity ?? false },
    column("TokenRequests", ({ spec }) => {
      const audiences = (spec.tokenRequests ?? []).map(({ audience }) => audience);
      return audiences.length === 0 ? "<unset>" : audiences.join(",");
    }),
    { name: "RequiresRepublish", type: "boolean", cell: ({ spec }) => spec.requiresRepublish ?? false },
    column("Modes", ({ spec }) => spec.volumeLifecycleModes?.join(",") || "<none>"),
    ageColumn,
  ],
  describe: describeGeneric,
};

/** kubernetes pkg/apis/storage/validation ValidateCSIDriver, 1.35. */
function problemsOf({ metadata, spec }: CSIDriver): readonly Problem[] {
  const problems: Problem[] = [];
  checkCsiDriverName(metadata.name, "name", problems);
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!modes.includes(mode)) problems.push(unsupported("spec.volumeLifecycleModes", mode, modes));
  if (!spec.fsGroupPolicy) problems.push(required("spec.fsGroupPolicy"));
  else if (!groupPolicies.includes(spec.fsGroupPolicy))
    problems.push(unsupported("spec.fsGroupPolicy", spec.fsGroupPolicy, groupPolicies));
  const audiences = new Set<string>();
  (spec.tokenRequests ?? []).forEach(({ audience = "", expirationSeconds: seconds }, i) => {
    const path = `spec.tokenRequests[${i}]`;
    if (audiences.has(audience)) problems.push(duplicate(`${path}.audience`, audience));
    audiences.add(audience);
    if (seconds === undefined) return;
    if (seconds < SHORTEST_TOKEN)
      problems.push(wrong(`${path}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
    if (seconds > LONGEST_TOKEN)
      problems.push(wrong(`${path}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"));
  });
  return problems;
}
