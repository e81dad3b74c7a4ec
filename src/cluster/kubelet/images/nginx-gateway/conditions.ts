import type { Condition } from "./types.ts";

// The conditions that NGINX Gateway Fabric writes, in its words (internal/controller/state/conditions, 2.4).

const yes = (type: string, reason: string, message: string): Condition => ({ type, status: "True", reason, message });
const no = (type: string, reason: string, message: string): Condition => ({ type, status: "False", reason, message });

export const classAccepted = yes("Accepted", "Accepted", "GatewayClass is accepted");
export const classVersion = yes("SupportedVersion", "SupportedVersion", "Gateway API CRD versions are supported");
export const classConflict = no(
  "Accepted",
  "GatewayClassConflict",
  "The resource is ignored due to a conflicting GatewayClass resource",
);
export const parametersFound = yes("ResolvedRefs", "ResolvedRefs", "ParametersRef resource is resolved");
const parametersMissing = "ParametersRef resource could not be found";
export const parametersNotFound = no("ResolvedRefs", "ParametersRefNotFound", parametersMissing);
export const classParametersInvalid = yes(
  "Accepted",
  "InvalidParameters",
  `GatewayClass is accepted, but ParametersRef is ignored due to an error: ${parametersMissing}`,
);
export const gatewayParametersInvalid = yes(
  "Accepted",
  "InvalidParameters",
  `Gateway is accepted, but ParametersRef is ignored due to an error: ${parametersMissing}`,
);

export const gatewayAccepted = yes("Accepted", "Accepted", "Gateway is accepted");
export const gatewayProgrammed = yes("Programmed", "Programmed", "Gateway is programmed");
export const gatewayPartlyValid = yes("Accepted", "ListenersNotValid", "Gateway has at least one valid listener");
const noListeners = "Gateway has no valid listeners";
export const gatewayWithoutListeners: readonly Condition[] = [
  no("Accepted", "ListenersNotValid", noListeners),
  no("Programmed", "Invalid", noListeners),
];
const noClass = "GatewayClass doesn't exist";
export const gatewayWithoutClass: readonly Condition[] = [
  no("Accepted", "Invalid", noClass),
  no("Programmed", "Invalid", noClass),
];
export const gatewayUnsupportedAddress = (message: string): Condition => no("Accepted", "UnsupportedAddress", message);
const notProgrammed = (message: string): Condition => no("Programmed", "Invalid", message);
export const listenerDefaults: readonly Condition[] = [
  yes("Accepted", "Accepted", "Listener is accepted"),
  yes("Programmed", "Programmed", "Listener is programmed"),
  yes("ResolvedRefs", "ResolvedRefs", "All references are resolved"),
];
export const listenerWithoutConflicts = no("Conflicted", "NoConflicts", "No conflicts");
export const listenerOverlapping = yes(
  "OverlappingTLSConfig",
  "OverlappingHostnames",
  "Listener hostname overlaps with hostname(s) of other Listener(s) on the same port",
);
export const listenerUnsupportedValue = (message: string): readonly Condition[] => [
  no("Accepted", "UnsupportedValue", message),
  notProgrammed(message),
];
export const listenerUnsupportedProtocol = (message: string): readonly Condition[] => [
  no("Accepted", "UnsupportedProtocol", message),
  notProgrammed(message),
];
export const listenerInvalidCertificate = (message: string): readonly Condition[] => [
  no("Accepted", "InvalidCertificateRef", message),
  no("ResolvedRefs", "InvalidCertificateRef", message),
  notProgrammed(message),
];
export const listenerCertificateNotPermitted = (message: string): readonly Condition[] => [
  no("Accepted", "RefNotPermitted", message),
  no("ResolvedRefs", "RefNotPermitted", message),
  notProgrammed(message),
];
export const listenerInvalidKinds = (message: string): readonly Condition[] => [
  no("ResolvedRefs", "InvalidRouteKinds", message),
  notProgrammed(message),
];
export const listenerConflict = (
  reason: "ProtocolConflict" | "HostnameConflict",
  message: string,
): readonly Condition[] => [
  no("Accepted", reason, message),
  yes("Conflicted", reason, message),
  notProgrammed(message),
];

export const routeDefaults: readonly Condition[] = [
  yes("Accepted", "Accepted", "The route is accepted"),
  yes("ResolvedRefs", "ResolvedRefs", "All references are resolved"),
];
export const routeNotAllowed = no("Accepted", "NotAllowedByListeners", "Route is not allowed by any listener");
export const routeOtherHost = no(
  "Accepted",
  "NoMatchingListenerHostname",
  "Listener hostname does not match the Route hostnames",
);
export const routeInvalidListener = no("Accepted", "InvalidListener", "Listener is invalid for this parent ref");
export const routeInvalidGateway = no("Accepted", "InvalidGateway", "Gateway is invalid");
export const routeWithoutParent = no("Accepted", "NoMatchingParent", "Listener is not found for this parent ref");
export const routeUnsupported = (message: string): Condition => no("Accepted", "UnsupportedValue", message);
export const routePartlyInvalid = (message: string): Condition =>
  yes("PartiallyInvalid", "UnsupportedValue", `Dropped Rule(s): ${message}`);
export const routeUnresolved = (reason: string, message: string): Condition => no("ResolvedRefs", reason, message);

/** One condition of each type: the last one said, where it was said. */
export function lastOfEach(conditions: readonly Condition[]): Condition[] {
  return conditions.filter(({ type }, at) => !conditions.slice(at + 1).some((later) => later.type === type));
}
