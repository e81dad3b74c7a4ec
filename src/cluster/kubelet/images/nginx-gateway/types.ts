import type { KubeObject, LabelSelector } from "../../../../kinds/types/meta.ts";

// Objects of Gateway API (apis/v1, 1.4), with the defaults of their definitions filled in.

export const GROUP = "gateway.networking.k8s.io";
export const CLASSES = `gatewayclasses.${GROUP}`;
export const GATEWAYS = `gateways.${GROUP}`;
export const HTTP_ROUTES = `httproutes.${GROUP}`;
export const GRPC_ROUTES = `grpcroutes.${GROUP}`;
export const GRANTS = `referencegrants.${GROUP}`;
export const PROXIES = "nginxproxies.gateway.nginx.org";

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

interface StoredCondition extends Condition {
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export interface GatewayClass extends KubeObject {
  readonly spec: {
    readonly controllerName: string;
    readonly parametersRef?: {
      readonly group: string;
      readonly kind: string;
      readonly name: string;
      readonly namespace?: string;
    };
  };
  readonly status?: { readonly conditions?: readonly StoredCondition[] };
}

/** A reference to an object that may be in another namespace. */
export interface Reference {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface GatewayListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly tls?: {
    readonly mode?: string;
    readonly certificateRefs?: readonly Reference[];
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly allowedRoutes?: {
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
    readonly namespaces?: { readonly from?: string; readonly selector?: LabelSelector };
  };
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds?: readonly { readonly group: string; readonly kind: string }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly StoredCondition[];
}

export interface Gateway extends KubeObject {
  readonly spec: {
    readonly gatewayClassName: string;
    readonly listeners: readonly GatewayListener[];
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
    readonly infrastructure?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly parametersRef?: Reference;
    };
  };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly value: string }[];
    readonly conditions?: readonly StoredCondition[];
    readonly listeners?: readonly ListenerStatus[];
  };
}

export interface ParentRef extends Reference {
  readonly sectionName?: string;
  readonly port?: number;
}

export interface BackendRef extends Reference {
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly Filter[];
}

export interface HeaderFilter {
  readonly add?: readonly { readonly name: string; readonly value: string }[];
  readonly set?: readonly { readonly name: string; readonly value: string }[];
  readonly remove?: readonly string[];
}

export interface PathModifier {
  readonly type: "ReplaceFullPath" | "ReplacePrefixMatch";
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

export interface Filter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderFilter;
  readonly responseHeaderModifier?: HeaderFilter;
  readonly requestMirror?: {
    readonly backendRef: BackendRef;
    readonly percent?: number;
    readonly fraction?: { readonly numerator: number; readonly denominator?: number };
  };
  readonly requestRedirect?: {
    readonly scheme?: string;
    readonly hostname?: string;
    readonly port?: number;
    readonly path?: PathModifier;
    readonly statusCode?: number;
  };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: PathModifier };
  readonly extensionRef?: Reference;
}

interface NamedMatch {
  readonly name: string;
  readonly type?: string;
  readonly value: string;
}

export interface RouteMatch {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly headers?: readonly NamedMatch[];
  readonly queryParams?: readonly NamedMatch[];
  /** An HTTP method; for gRPC a service and its method. */
  readonly method?: string | { readonly type?: string; readonly service?: string; readonly method?: string };
}

export interface RouteRule {
  readonly matches?: readonly RouteMatch[];
  readonly filters?: readonly Filter[];
  readonly backendRefs?: readonly BackendRef[];
}

export interface RouteParentStatus {
  readonly parentRef: ParentRef;
  readonly controllerName: string;
  readonly conditions: readonly StoredCondition[];
}

/** An HTTPRoute or a GRPCRoute. */
export interface Route extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly RouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

export interface ReferenceGrant extends KubeObject {
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

/** The settings of a class or a Gateway (nginx-gateway-fabric apis/v1alpha2, 2.4): what acts here. */
export interface NginxProxy extends KubeObject {
  readonly spec: {
    readonly kubernetes?: {
      readonly deployment?: {
        readonly replicas?: number;
        readonly container?: {
          readonly image?: { readonly repository?: string; readonly tag?: string; readonly pullPolicy?: string };
        };
      };
      readonly service?: {
        readonly type?: "ClusterIP" | "NodePort" | "LoadBalancer";
        readonly externalTrafficPolicy?: string;
        readonly loadBalancerIP?: string;
        readonly loadBalancerClass?: string;
        readonly loadBalancerSourceRanges?: readonly string[];
        readonly nodePorts?: readonly { readonly port: number; readonly listenerPort: number }[];
      };
    };
  };
}

/** "namespace/name" of an object. */
export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
