/** NGINX Gateway Fabric's own kinds (deploy/crds.yaml, 2.4): those that act here, with the fields that act. */
export const nginxGatewayKinds = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: nginxgateways.gateway.nginx.org
spec:
  group: gateway.nginx.org
  names:
    categories: [nginx-gateway-fabric]
    kind: NginxGateway
    listKind: NginxGatewayList
    plural: nginxgateways
    singular: nginxgateway
  scope: Namespaced
  versions:
  - name: v1alpha1
    additionalPrinterColumns:
    - {jsonPath: .metadata.creationTimestamp, name: Age, type: date}
    schema:
      openAPIV3Schema:
        description: The settings of the control plane.
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            properties:
              logging:
                type: object
                properties:
                  level: {type: string, default: info, enum: [info, debug, error], description: How much it says.}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
    served: true
    storage: true
    subresources: {status: {}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: nginxproxies.gateway.nginx.org
spec:
  group: gateway.nginx.org
  names:
    categories: [nginx-gateway-fabric]
    kind: NginxProxy
    listKind: NginxProxyList
    plural: nginxproxies
    singular: nginxproxy
  scope: Namespaced
  versions:
  - name: v1alpha2
    additionalPrinterColumns:
    - {jsonPath: .metadata.creationTimestamp, name: Age, type: date}
    schema:
      openAPIV3Schema:
        description: The settings of data planes, for a class or for a Gateway.
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            x-kubernetes-preserve-unknown-fields: true
            properties:
              kubernetes:
                type: object
                x-kubernetes-preserve-unknown-fields: true
                properties:
                  deployment:
                    type: object
                    x-kubernetes-preserve-unknown-fields: true
                    properties:
                      replicas: {type: integer, format: int32, description: How many pods.}
                      container:
                        type: object
                        x-kubernetes-preserve-unknown-fields: true
                        properties:
                          image:
                            type: object
                            properties:
                              repository: {type: string, default: ghcr.io/nginx/nginx-gateway-fabric/nginx}
                              tag: {type: string}
                              pullPolicy: {type: string, default: IfNotPresent, enum: [Always, Never, IfNotPresent]}
                  service:
                    type: object
                    x-kubernetes-preserve-unknown-fields: true
                    properties:
                      type: {type: string, default: LoadBalancer, enum: [ClusterIP, LoadBalancer, NodePort]}
                      externalTrafficPolicy: {type: string, default: Local, enum: [Cluster, Local]}
                      loadBalancerIP: {type: string}
                      loadBalancerClass: {type: string}
                      loadBalancerSourceRanges: {type: array, items: {type: string}}
                      nodePorts:
                        type: array
                        items:
                          type: object
                          required: [listenerPort, port]
                          properties:
                            listenerPort: {type: integer, format: int32, minimum: 1, maximum: 65535}
                            port: {type: integer, format: int32, minimum: 1, maximum: 65535}
    served: true
    storage: true
`;
