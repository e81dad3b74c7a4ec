import { describe, expect, test } from "vitest";
import { SECOND } from "../../src/base/clock.ts";
import { filled, kindOf, problemsOf, problemsOfUpdate, row } from "./tools.ts";

// The kinds of storage.k8s.io beside StorageClass. Expectations: pkg/apis/storage (defaults, validation) and
// pkg/printers/internalversion of Kubernetes 1.35.

const driver = (spec: object = {}) => ({ spec });
const node = (...drivers: object[]) => ({ spec: { drivers } });
const attachment = (spec: object = {}) => ({
  spec: { attacher: "d.example.com", nodeName: "n", source: { persistentVolumeName: "pv" }, ...spec },
});
const attributes = (more: object = {}) => ({ driverName: "d.example.com", parameters: { iops: "1" }, ...more });
const long = `${"a".repeat(63)}.b`;

const wrong: readonly (readonly [plural: string, name: string, fields: Record<string, unknown>, problems: string[]])[] =
  [
    ["csidrivers", "nothing said", driver(), []],
    [
      "csidrivers",
      "modes",
      driver({ volumeLifecycleModes: ["Sometimes"] }),
      ['spec.volumeLifecycleModes: Unsupported value: "Sometimes": supported values: "Ephemeral", "Persistent"'],
    ],
    [
      "csidrivers",
      "group policy",
      driver({ fsGroupPolicy: "Never" }),
      ['spec.fsGroupPolicy: Unsupported value: "Never": supported values: "File", "None", "ReadWriteOnceWithFSType"'],
    ],
    [
      "csidrivers",
      "tokens",
      driver({ tokenRequests: [{ audience: "a", expirationSeconds: 5 }, { audience: "a" }] }),
      [
        "spec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes",
        'spec.tokenRequests[1].audience: Duplicate value: "a"',
      ],
    ],
    ["csinodes", "none", { spec: { drivers: null } }, []],
    [
      "csinodes",
      "incomplete",
      node({ name: "", nodeID: "" }),
      ["spec.drivers[0].name: Required value", "spec.drivers[0].nodeID: Required value"],
    ],
    [
      "csinodes",
      "twice",
      node({ name: "d", nodeID: "n" }, { name: "d", nodeID: "n" }),
      ['spec.drivers[1].name: Duplicate value: "d"'],
    ],
    [
      "csinodes",
      "limits and keys",
      node({ name: "d", nodeID: "n", allocatable: { count: -1 }, topologyKeys: ["k", "k"] }),
      [
        "spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
        'spec.drivers[0].topologyKeys: Duplicate value: "k"',
      ],
    ],
    [
      "csinodes",
      "long name",
      node({ name: long, nodeID: "n" }),
      ["spec.drivers[0].name: Too long: may not be more than 63 bytes"],
    ],
    ["csistoragecapacities", "right", { storageClassName: "s", capacity: "1Gi" }, []],
    ["csistoragecapacities", "no class", {}, ["storageClassName: Required value"]],
    [
      "csistoragecapacities",
      "less than nothing",
      { storageClassName: "s", capacity: "-1" },
      ['capacity: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    ["volumeattachments", "right", attachment(), []],
    [
      "volumeattachments",
      "nothing",
      attachment({ attacher: "", nodeName: "", source: {} }),
      [
        "spec.attacher: Required value",
        "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
        "spec.nodeName: Required value",
      ],
    ],
    [
      "volumeattachments",
      "both",
      attachment({ source: { persistentVolumeName: "pv", inlineVolumeSpec: {} } }),
      ["spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName"],
    ],
    ["volumeattributesclasses", "right", attributes(), []],
    [
      "volumeattributesclasses",
      "no parameters",
      attributes({ driverName: "", parameters: {} }),
      ["driverName: Required value", "parameters: Required value: must contain at least one key/value pair"],
    ],
  ];

test.each(wrong)("%s, %s", (plural, _name, fields, problems) => expect(problemsOf(plural, fields)).toEqual(problems));

const changes: readonly (readonly [plural: string, name: string, old: object, now: object, problems: string[]])[] = [
  [
    "csidrivers",
    "how it attaches",
    driver(),
    driver({ attachRequired: false }),
    ["spec.attachedRequired: Invalid value: false: field is immutable"],
  ],
  ["csidrivers", "pod info may change", driver(), driver({ podInfoOnMount: true, fsGroupPolicy: "File" }), []],
  [
    "csinodes",
    "a driver that is there",
    node({ name: "d", nodeID: "n" }),
    node({ name: "d", nodeID: "m" }),
    [
      'CSINodeDriver: Invalid value: {"Name":"d","NodeID":"m","TopologyKeys":null,"Allocatable":null}: field is immutable',
    ],
  ],
  [
    "csinodes",
    "how many volumes a driver takes",
    node({ name: "d", nodeID: "n", allocatable: { count: 3 } }),
    node({ name: "d", nodeID: "n", allocatable: { count: 4 } }),
    [],
  ],
  ["csinodes", "another driver", node({ name: "d", nodeID: "n" }), node({ name: "e", nodeID: "n" }), []],
  [
    "csistoragecapacities",
    "class",
    { storageClassName: "s" },
    { storageClassName: "t", capacity: "1Gi" },
    ['storageClassName: Invalid value: "t": field is immutable'],
  ],
  [
    "volumeattachments",
    "spec",
    attachment(),
    attachment({ nodeName: "m" }),
    [
      'spec: Invalid value: {"Attacher":"d.example.com","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"m"}: field is immutable',
    ],
  ],
  [
    "volumeattributesclasses",
    "both fields",
    attributes(),
    attributes({ driverName: "e.example.com", parameters: { iops: "2" } }),
    [
      "driverName: Forbidden: updates to driverName are forbidden.",
      "parameters: Forbidden: updates to parameters are forbidden.",
    ],
  ],
];

test.each(changes)("change of %s: %s", (plural, _name, old, now, problems) =>
  expect(problemsOfUpdate(plural, old as Record<string, unknown>, now as Record<string, unknown>)).toEqual(problems),
);

test("defaults of a CSIDriver", () =>
  expect(filled("csidrivers", { spec: {} }).spec).toEqual({
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: "ReadWriteOnceWithFSType",
    volumeLifecycleModes: ["Persistent"],
    requiresRepublish: false,
    seLinuxMount: false,
  }));

test("a VolumeAttachment begins unattached, whatever is sent", () => {
  const object = filled("volumeattachments", { ...attachment(), status: { attached: true } });
  kindOf("volumeattachments").prepareForCreate?.(object);
  expect(object.status).toEqual({ attached: false });
});

describe("rows", () => {
  const now = 1_800_000_000 * SECOND;
  const cases: readonly (readonly [plural: string, fields: Record<string, unknown>, cells: Record<string, unknown>])[] =
    [
      [
        "csidrivers",
        driver({ volumeLifecycleModes: ["Persistent", "Ephemeral"], tokenRequests: [{ audience: "x" }] }),
        {
          AttachRequired: true,
          PodInfoOnMount: false,
          StorageCapacity: false,
          TokenRequests: "x",
          RequiresRepublish: false,
          Modes: "Persistent,Ephemeral",
        },
      ],
      ["csidrivers", driver(), { TokenRequests: "<unset>", Modes: "Persistent" }],
      ["csinodes", node({ name: "d", nodeID: "n" }), { Drivers: 1 }],
      ["csinodes", { spec: { drivers: null } }, { Drivers: 0 }],
      ["csistoragecapacities", { storageClassName: "s" }, { StorageClassName: "s", Capacity: "<unset>" }],
      [
        "volumeattachments",
        { ...attachment(), status: { attached: true } },
        { Attacher: "d.example.com", PV: "pv", Node: "n", Attached: true },
      ],
      ["volumeattachments", attachment({ source: {} }), { PV: "", Attached: false }],
      ["volumeattributesclasses", attributes(), { Name: "x", DriverName: "d.example.com" }],
      [
        "volumeattributesclasses",
        {
          ...attributes(),
          metadata: {
            name: "gold",
            annotations: { "volumeattributesclass.alpha.kubernetes.io/is-default-class": "true" },
          },
        },
        { Name: "gold (default)" },
      ],
    ];
  test.each(cases)("of %s %#", (plural, fields, cells) => {
    const shown = row(plural, filled(plural, fields), now);
    expect(shown).toMatchObject(cells);
  });
});
