import type { KubeObject } from "../../../../kinds/types/meta.ts";

interface Column {
  readonly name: string;
  readonly jsonPath: string;
  readonly type: "string" | "integer" | "date";
}

const age: Column = { name: "Age", jsonPath: ".metadata.creationTimestamp", type: "date" };

/** The definitions that Cilium's operator makes (pkg/k8s/apis/cilium.io/v2, 1.18), of those kinds that are used here. */
export const ciliumKinds: readonly KubeObject[] = [
  definition(
    "CiliumNode",
    "ciliumnodes",
    "Cluster",
    ["cn", "ciliumn"],
    [
      { name: "CiliumInternalIP", jsonPath: '.spec.addresses[?(@.type=="CiliumInternalIP")].ip', type: "string" },
      { name: "InternalIP", jsonPath: '.spec.addresses[?(@.type=="InternalIP")].ip', type: "string" },
      age,
    ],
  ),
  definition(
    "CiliumEndpoint",
    "ciliumendpoints",
    "Namespaced",
    ["cep", "ciliumep"],
    [
      { name: "Security Identity", jsonPath: ".status.identity.id", type: "integer" },
      { name: "Endpoint State", jsonPath: ".status.state", type: "string" },
      { name: "IPv4", jsonPath: ".status.networking.addressing[0].ipv4", type: "string" },
      { name: "IPv6", jsonPath: ".status.networking.addressing[0].ipv6", type: "string" },
    ],
  ),
];

function definition(
  kind: string,
  plural: string,
  scope: "Cluster" | "Namespaced",
  shortNames: readonly string[],
  additionalPrinterColumns: readonly Column[],
): KubeObject {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.cilium.io`, labels: { "io.cilium.k8s.crd.schema.version": "1.32.0" } },
    spec: {
      group: "cilium.io",
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames,
        categories: ["cilium"],
      },
      scope,
      versions: [
        {
          name: "v2",
          served: true,
          storage: true,
          additionalPrinterColumns,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                apiVersion: { type: "string" },
                kind: { type: "string" },
                metadata: { type: "object" },
                spec: open,
                status: open,
              },
            },
          },
        },
      ],
    },
  };
}
