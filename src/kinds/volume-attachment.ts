import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import { equal } from "./equal.ts";
import { type InternalType, internal } from "./internal-json.ts";
import { forbidden, immutable, required } from "./problem.ts";
import type { VolumeAttachment } from "./types/storage.ts";
import { checkCsiDriverName } from "./validation/csi-driver-name.ts";
import { check } from "./validation/labels.ts";
import { dnsSubdomain } from "./validation/words.ts";

const internalSpec: InternalType = [
  ["Attacher"],
  ["Source", { type: [["PersistentVolumeName"], ["InlineVolumeSpec"]] }],
  ["NodeName"],
];

/** The wish, and then the fact, that a volume is attached to a node. */
export const volumeAttachment: Kind<VolumeAttachment> = {
  kind: "VolumeAttachment",
  plural: "volumeattachments",
  group: "storage.k8s.io",
  version: "v1",
  namespaced: false,
  subresources: [{ name: "status", kind: "VolumeAttachment", verbs: ["get", "patch", "update"] }],
  defaults(object) {
    object.spec ??= { attacher: "", nodeName: "", source: {} };
  },
  prepareForCreate(object) {
    object.status = { attached: false };
  },
  problems: problemsOf,
  problemsOfUpdate: ({ spec }, old) => (equal(spec, old.spec) ? [] : [immutable("spec", internal(spec, internalSpec))]),
  columns: [
    nameColumn,
    { name: "Attacher", format: "name", cell: ({ spec }) => spec.attacher },
    column("PV", ({ spec }) => spec.source.persistentVolumeName ?? ""),
    column("Node", ({ spec }) => spec.nodeName),
    { name: "Attached", type: "boolean", cell: ({ status }) => status?.attached ?? false },
    ageColumn,
  ],
  describe: describeGeneric,
};

/** kubernetes pkg/apis/storage/validation ValidateVolumeAttachment and …V1, 1.35. */
function problemsOf({ spec }: VolumeAttachment): readonly Problem[] {
  const problems: Problem[] = [];
  checkCsiDriverName(spec.attacher, "spec.attacher", problems);
  const { persistentVolumeName: name, inlineVolumeSpec: inline } = spec.source ?? {};
  const one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (name === undefined && !inline) problems.push(required("spec.source", one));
  else if (name !== undefined && inline) problems.push(forbidden("spec.source", one));
  else if (name === "")
    problems.push(required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName"));
  else if (name !== undefined) check(dnsSubdomain, name, "spec.source.persistentVolumeName", problems);
  if (spec.nodeName) check(dnsSubdomain, spec.nodeName, "spec.nodeName", problems);
  else problems.push(required("spec.nodeName"));
  return problems;
}
