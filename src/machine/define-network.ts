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
    /** The versions of TLS that it speaks; 1.2 and 1.3 where nothing is said. */
    readonly versions?: readonly ("1.0" | "1.1" | "1.2" | "1.3")[];
    /** What would make the certificate, where nobody has looked at it yet. */
    readonly unmade?: () => (() => string) | undefined;
    /** The TLS alert that a client with this certificate (or none) is refused with: "certificate required". */
    readonly refuses?: (certificate: HttpRequest["clientCertificate"]) => string | undefined;
  };
  /** Answers an HTTP request. Left out by what speaks something else: then `banner` may say hello. */
  readonly http?: (request: HttpRequest) => HttpResponse;
  /** The thing itself, for clients in the same world that need no bytes in between (the API server's Door). */
  readonly direct?: object;
  /** Answers a DNS question: the addresses of a name (or the names of an address, PTR), undefined where there is none. */
  readonly dns?: (name: string, type: DnsType) => readonly string[] | undefined;
  /** Speaks gRPC's health protocol: how a service is ("" for the whole server); undefined for one that it does not know. */
  readonly grpcHealth?: (service: string) => "SERVING" | "NOT_SERVING" | undefined;
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
  /** Where the host is the real machine: how servers on its own network are asked, instead of by `dial`. */
  readonly outside?: Outside;
}

/** A server outside the simulation, and how to speak with it. PEM texts. */
export interface OutsideServer {
  readonly tls: boolean;
  /** A name or an address. */
  readonly name: string;
  readonly port: number;
  readonly authority: string | undefined;
  readonly insecure: boolean;
  /** The name to look for in the certificate, where that is another. */
  readonly serverName: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
}

/** Why nobody answered, in Go's words. */
export interface OutsideFault {
  readonly failed: string;
  readonly refused: boolean;
}

/** The network of the real machine. `done` is called later, never during the call; what is given breaks it off. */
export interface Outside {
  /** Finds the way to a server: looks it up, dials, shakes hands. */
  reach(server: OutsideServer, done: (fault: OutsideFault | undefined) => void): () => void;
  /** What is wrong with an authority and a client's certificate and key, in Go's words; "" where nothing is. */
  identityProblem(identity: Pick<OutsideServer, "authority" | "clientCertificate" | "clientKey">): string;
  /** Sends a request. */
  send(server: OutsideServer, request: HttpRequest, done: (answer: HttpResponse | OutsideFault) => void): () => void;
}
