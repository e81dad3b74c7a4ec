import { ageColumn, count, nameColumn } from "./cells.ts";
import { describeCsiNode } from "./csi-node/describe.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { type InternalType, internal } from "./internal-json.ts";
import { duplicate, immutable, required, wrong } from "./problem.ts";
import type { CSINode, CSINodeDriver } from "./types/storage.ts";
import { checkCsiDriverName } from "./validation/csi-driver-name.ts";
import { check } from "./validation/labels.ts";
import { labelKey, notNegative } from "./validation/words.ts";

const LONGEST_ID = 256;
const internalDriver: InternalType = [
  ["Name"],
  ["NodeID", { from: "nodeID" }],
  ["TopologyKeys"],
  ["Allocatable", { type: [["Count"]] }],
];

/** The CSI drivers that a node has: made by its kubelet. */
export const csiNode: Kind<CSINode> = {
  kind: "CSINode",
  plural: "csinodes",
  group: "storage.k8s.io",
  version: "v1",
  namespaced: false,
  defaults(object) {
    object.spec ??= { drivers: null };
  },
  problems({ spec }) {
    const problems: Problem[] = [];
    const names = new Set<string>();
    (spec.drivers ?? []).forEach((driver, i) => {
      const path = `spec.drivers[${i}]`;
      checkDriver(driver, path, problems);
      if (names.has(driver.name)) problems.push(duplicate(`${path}.name`, driver.name));
      names.add(driver.name);
    });
    return problems;
  },
  problemsOfUpdate({ spec }, { spec: old }) {
    const before = new Map((old.drivers ?? []).map((driver) => [driver.name, driver]));
    return (spec.drivers ?? []).flatMap((driver) => {
      const known = before.get(driver.name);
      return known && !equal(fixedOf(known), fixedOf(driver))
        ? [immutable("CSINodeDriver", internal(driver, internalDriver))]
        : [];
    });
  },
  columns: [nameColumn, count("Drivers", ({ spec }) => spec.drivers?.length), ageColumn],
  describe: describeCsiNode,
};

/** What a driver keeps: all but how many volumes it takes (MutableCSINodeAllocatableCount, on since 1.35). */
function fixedOf({ allocatable: _, ...fixed }: CSINodeDriver): object {
  return fixed;
}

/** kubernetes pkg/apis/storage/validation validateCSINodeDriver, 1.35. */
function checkDriver(driver: CSINodeDriver, path: string, problems: Problem[]): void {
  checkCsiDriverName(driver.name, `${path}.name`, problems);
  if (!driver.nodeID) problems.push(required(`${path}.nodeID`));
  else if (driver.nodeID.length > LONGEST_ID)
    problems.push(wrong(`${path}.nodeID`, driver.nodeID, `must be ${LONGEST_ID} characters or less`));
  const { count: most } = driver.allocatable ?? {};
  if (most !== undefined && most < 0) problems.push(wrong(`${path}.allocatable.count`, most, notNegative));
  const keys = new Set<string>();
  for (const key of driver.topologyKeys ?? []) {
    if (keys.has(key)) problems.push(duplicate(`${path}.topologyKeys`, key));
    keys.add(key);
    check(labelKey, key, `${path}.topologyKeys`, problems);
  }
}
