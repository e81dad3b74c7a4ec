import type { HttpRequest, HttpResponse } from "../base/http.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

/** What listens on a port of a host or container. It is gone when its process ends. */
export interface Listener {
  readonly proc: Process;
  /** 0.0.0.0 for all addresses. */
  readonly address: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  /** Whether the client must speak TLS, and with what certificate (PEM) the server shows itself. */
  readonly tls?: {
    readonly certificate: () => string;
    /** What would make the certificate, where nobody has looked at it yet. */
    readonly unmade?: () => (() => string) | undefined;
  };
  /** Answers an HTTP request. Left out by what speaks something else: then `banner` may say hello. */
  readonly http?: (request: HttpRequest) => HttpResponse;
  /** The thing itself, for clients in the same world that need no bytes in between (the API server's Door). */
  readonly direct?: object;
  /** Answers a DNS question: the addresses of a name (or the names of an address, PTR), undefined where there is none. */
  readonly dns?: (name: string, type: DnsType) => readonly string[] | undefined;
  /** What a raw TCP client is sent on connecting, e.g. an SSH or database greeting. */
  readonly banner?: string;
}

export type DnsType = "A" | "AAAA" | "PTR" | "SRV" | "CNAME";

/** Addresses and open ports that belong together: those of a host, or of all containers of a pod. */
export interface NetworkNamespace {
  readonly addresses: readonly string[];
  readonly listeners: Listener[];
}

/** How an attempt to connect ends. "refused": a reset; "timeout": nobody answers; "unreachable": no route. */
export type Dialled =
  | { readonly listener: Listener; readonly address: string }
  | { readonly failed: "refused" | "timeout" | "unreachable"; readonly because: string };

/** How a name is looked up. `because` says why not, for people; "timeout" when no server answered. */
export type Resolved =
  | { readonly addresses: readonly string[] }
  | { readonly failed: "not found" | "timeout"; readonly because: string };

/** Who reaches whom. Implemented by cluster/network from the state of the world alone. */
export interface Network {
  /** The listener that a connection from `from` to address and port ends at. */
  dial(from: Machine, address: string, port: number, protocol?: "TCP" | "UDP"): Dialled;
  /** Looks a name up as `from` would: its /etc/hosts, then its resolver. Addresses resolve to themselves. */
  resolve(from: Machine, name: string): Resolved;
}
