interface CalicoKind {
  readonly kind: string;
  readonly plural: string;
  readonly about: string;
  /** The properties of spec, as YAML in braces. */
  readonly fields: string;
}

const kinds: readonly CalicoKind[] = [
  {
    kind: "BlockAffinity",
    plural: "blockaffinities",
    about: "A block of addresses and the node that has it.",
    fields:
      "{cidr: {type: string}, deleted: {type: string}, node: {type: string}, state: {type: string}, type: {type: string}}",
  },
  {
    kind: "ClusterInformation",
    plural: "clusterinformations",
    about: "What Calico knows of the cluster.",
    fields:
      "{calicoVersion: {type: string}, clusterGUID: {type: string}, clusterType: {type: string}, datastoreReady: {type: boolean}, variant: {type: string}}",
  },
  {
    kind: "FelixConfiguration",
    plural: "felixconfigurations",
    about: "How Felix works on the nodes.",
    fields: "{}",
  },
  {
    kind: "IPAMBlock",
    plural: "ipamblocks",
    about: "A block of addresses, and who has them.",
    fields: `{affinity: {type: string}, allocations: {type: array, items: {type: integer, nullable: true}}, attributes: {type: array, items: {type: object, properties: {handle_id: {type: string}, secondary: {type: object, additionalProperties: {type: string}}}}}, cidr: {type: string}, deleted: {type: boolean}, sequenceNumber: {type: integer, format: int64}, strictAffinity: {type: boolean}, unallocated: {type: array, items: {type: integer}}}`,
  },
  {
    kind: "IPPool",
    plural: "ippools",
    about: "A range that pods get addresses of.",
    fields: `{allowedUses: {type: array, items: {type: string}}, assignmentMode: {type: string, enum: [Automatic, Manual]}, blockSize: {type: integer}, cidr: {type: string}, disableBGPExport: {type: boolean}, disabled: {type: boolean}, ipipMode: {type: string}, natOutgoing: {type: boolean}, nodeSelector: {type: string}, vxlanMode: {type: string}}`,
  },
];

/** The kinds of Calico's own that its agents keep what they know in. */
export const calicoKinds = kinds.map(definition).join("---\n");

function definition({ kind, plural, about, fields }: CalicoKind): string {
  const open = fields === "{}" ? "\n              x-kubernetes-preserve-unknown-fields: true" : "";
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${plural}.crd.projectcalico.org
spec:
  group: crd.projectcalico.org
  names:
    kind: ${kind}
    listKind: ${kind}List
    plural: ${plural}
    singular: ${kind.toLowerCase()}
  preserveUnknownFields: false
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: ${about}
        type: object
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
              type: object
              properties: ${fields}${open}
`;
}
