import type { Endpoint } from "../../../network/http/service-endpoints.ts";
import type { Matcher } from "./rule.ts";

/** Where a router sends requests to: one of several groups of servers, by their weights. */
export interface Target {
  readonly name: string;
  readonly groups: readonly Group[];
}

export interface Group {
  readonly name: string;
  readonly weight: number;
  readonly tls: boolean;
  readonly endpoints: readonly Endpoint[];
  /** Whether the servers see the host that the client asked for. */
  readonly passesHost: boolean;
}

/** A rule, and what is done with the requests that it fits. */
export interface Router {
  /** default-web-a-example@kubernetes */
  readonly name: string;
  readonly matches: Matcher;
  readonly priority: number;
  /** None: all that are default. */
  readonly entryPoints: readonly string[];
  /** namespace-name@kubernetescrd */
  readonly middlewares: readonly string[];
  readonly tls: boolean;
  readonly target: Target;
}

/** A name in the form that Traefik gives to what it makes: only letters, numbers and dashes (provider.Normalize). */
export function normalized(text: string): string {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join("-");
}
