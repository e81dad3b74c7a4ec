const selectors = (name: string): string => `${name}:
                type: array
                items:
                  type: object
                  properties:
                    matchLabels: {type: object, additionalProperties: {type: string}}
                    matchExpressions:
                      type: array
                      items:
                        type: object
                        required: [key, operator]
                        properties:
                          key: {type: string}
                          operator: {type: string}
                          values: {type: array, items: {type: string}}`;

/** MetalLB's kinds for layer 2. */
export const metallbKinds = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ipaddresspools.metallb.io
spec:
  group: metallb.io
  names:
    kind: IPAddressPool
    listKind: IPAddressPoolList
    plural: ipaddresspools
    singular: ipaddresspool
  scope: Namespaced
  versions:
  - name: v1beta1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns:
    - {jsonPath: .spec.autoAssign, name: Auto Assign, type: boolean}
    - {jsonPath: .spec.avoidBuggyIPs, name: Avoid Buggy IPs, type: boolean}
    - {jsonPath: .spec.addresses, name: Addresses, type: string}
    schema:
      openAPIV3Schema:
        description: A pool of addresses that can be given to Services of type LoadBalancer.
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [addresses]
            properties:
              addresses:
                description: Ranges of addresses, each a CIDR prefix or the first and the last one.
                type: array
                items: {type: string}
              autoAssign:
                description: Whether Services get addresses of it without asking for it.
                type: boolean
                default: true
              avoidBuggyIPs:
                description: Whether addresses that end with .0 and .255 are left out.
                type: boolean
                default: false
              serviceAllocation:
                description: The Services that it is for.
                type: object
                properties:
                  ${selectors("namespaceSelectors").replace(/\n/g, "\n    ")}
                  namespaces: {type: array, items: {type: string}}
                  priority: {type: integer}
                  ${selectors("serviceSelectors").replace(/\n/g, "\n    ")}
          status: {type: object}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: l2advertisements.metallb.io
spec:
  group: metallb.io
  names:
    kind: L2Advertisement
    listKind: L2AdvertisementList
    plural: l2advertisements
    singular: l2advertisement
  scope: Namespaced
  versions:
  - name: v1beta1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns:
    - {jsonPath: .spec.ipAddressPools, name: IPAddressPools, type: string}
    - {jsonPath: .spec.ipAddressPoolSelectors, name: IPAddressPool Selectors, type: string}
    - {jsonPath: .spec.interfaces, name: Interfaces, type: string}
    - {jsonPath: .spec.nodeSelectors, name: Node Selectors, priority: 10, type: string}
    schema:
      openAPIV3Schema:
        description: Which pools' addresses are announced on the nodes' own network.
        type: object
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            properties:
              interfaces: {type: array, items: {type: string}}
              ipAddressPools: {type: array, items: {type: string}}
              ${selectors("ipAddressPoolSelectors")}
              ${selectors("nodeSelectors")}
          status: {type: object}
`;
