import type { ByteConnection, ByteSink, HttpRequest, HttpResponse } from "../base/http.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

export type Protocol = "TCP" | "UDP" | "SCTP";

/** What listens on a port of a host or container. It is gone when its process ends. */
export interface Listener {
  readonly proc: Process;
  /** 0.0.0.0 for all addresses. */
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** Whether the client must speak TLS, and with what certificate (PEM) the server shows itself. */
  readonly tls?: {
    /** `serverName`: the name that the client asks for (SNI); whoever serves several shows the one that fits. */
    readonly certificate: (serverName?: string) => string;
    /** Whether it speaks with nobody who asks for this name (the alert unrecognized_name); it takes all where left out. */
    readonly refusesName?: (serverName: string | undefined) => boolean;
    /** Whether it asks clients for a certificate. Kubernetes' own servers do, and so it is where nothing is said. */
    readonly asksCertificate?: boolean;
    /** The versions of TLS that it speaks; 1.2 and 1.3 where nothing is said. */
    readonly versions?: readonly ("1.0" | "1.1" | "1.2" | "1.3")[];
    /** What would make the certificate, where nobody has looked at it yet. */
    readonly unmade?: () => (() => string) | undefined;
    /** What a client that speaks plainly is told; where left out, the words of Go's servers. */
    readonly plain?: (request: HttpRequest) => HttpResponse;
    /** The TLS alert that a client with this certificate (or none) is refused with: "certificate required". */
    readonly refuses?: (certificate: HttpRequest["clientCertificate"]) => string | undefined;
  };
  /** Answers an HTTP request. Left out by what speaks something else: then `banner` may say hello. */
  readonly http?: (request: HttpRequest) => HttpResponse;
  /** The thing itself, for clients in the same world that need no bytes in between (the API server's Door). */
  readonly direct?: object;
  /** Answers a DNS question; undefined where it is dropped without a word. */
  readonly dns?: (question: DnsQuestion) => DnsReply | undefined;
  /** Speaks gRPC's health protocol: how a service is ("" for the whole server); undefined for one that it does not know. */
  readonly grpcHealth?: (service: string) => "SERVING" | "NOT_SERVING" | undefined;
  /** What a raw TCP client is sent on connecting, e.g. an SSH or database greeting. */
  readonly banner?: string;
  /** Takes connections, or datagrams, as bytes (nc -l): from an address, with what the other side is sent by. */
  readonly bytes?: (from: string, out: ByteSink) => ByteConnection;
}

export type DnsType = "A" | "AAAA" | "ANY" | "CNAME" | "HINFO" | "MX" | "NS" | "PTR" | "SOA" | "SRV" | "TXT";

/** A question as it reaches a name server. Names are absolute, with their final dot: "web.shop.svc.cluster.local." */
export interface DnsQuestion {
  readonly name: string;
  readonly type: DnsType;
  /** CH asks a server about itself; IN where left out. */
  readonly class?: "CH" | undefined;
  /** The client's address as the server sees it. */
  readonly from: string;
  /** UDP where left out. */
  readonly protocol?: "TCP" | undefined;
  /** The client's OPT record (RFC 6891): the longest answer it takes, and its cookie. */
  readonly edns?: { readonly size: number; readonly cookie?: string } | undefined;
}

/** A record; what names in `data` there are, are absolute, too. */
export interface DnsRecord {
  readonly name: string;
  readonly type: DnsType;
  readonly ttl: number;
  readonly data: string;
}

export type DnsCode = "NOERROR" | "FORMERR" | "SERVFAIL" | "NXDOMAIN" | "NOTIMP" | "REFUSED";

export interface DnsReply {
  readonly rcode: DnsCode;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  readonly authoritative: boolean;
  /** Whether the server says that it asks others. */
  readonly recursive: boolean;
  /** It was too long for the client: what is missing is given over TCP. */
  readonly truncated?: boolean | undefined;
  /** How long the server took, in seconds of the world: an upstream that did not answer. Nothing where left out. */
  readonly after?: number | undefined;
}

/** Addresses and open ports that belong together: those of a host, or of all containers of a pod. */
export interface NetworkNamespace {
  readonly addresses: readonly string[];
  readonly listeners: Listener[];
}

/** How an attempt to connect ends. "refused": a reset; "timeout": nobody answers; "unreachable": no route. */
export type Dialled =
  | {
      readonly listener: Listener;
      /** Where the connection ends, behind all translations. */
      readonly address: string;
      /** The address that the other side sees: the caller's own, or a node's where the way masquerades. */
      readonly source: string;
    }
  | Unanswered;

export interface Unanswered {
  readonly failed: "refused" | "timeout" | "unreachable";
  readonly because: string;
}

/** How an echo request ends (ping, traceroute): the routers on the way, the addressee last. */
export type Echoed = { readonly hops: readonly string[] } | Unanswered;

/**
 * How a name is looked up, and what time that takes in seconds. `because` says why not, for people; "timeout" when no
 * server gave an answer that helps; `words` are getaddrinfo's for it.
 */
export type Resolved =
  | {
      readonly addresses: readonly string[];
      /** The name that has the addresses, and the names that lead to it (CNAME). */
      readonly canonical: string;
      readonly aliases: readonly string[];
      readonly after: number;
    }
  | {
      readonly failed: "not found" | "timeout";
      readonly because: string;
      readonly words: LookupWords;
      readonly after: number;
    };

/** What the C library says of a name that it has no address for (gai_strerror(3), glibc 2.36). */
export type LookupWords =
  | "Name or service not known"
  | "No address associated with hostname"
  | "Temporary failure in name resolution";

/** Who reaches whom. Implemented by cluster/network from the state of the world alone. */
export interface Network {
  /** The listener that a connection from `from` to address and port ends at. */
  dial(from: Machine, address: string, port: number, protocol?: Protocol): Dialled;
  /** Whether an address answers an ICMP echo request, and over which hops. */
  echo(from: Machine, address: string): Echoed;
  /** Looks a name up as `from` would: its /etc/hosts, then its resolver. Addresses resolve to themselves. */
  resolve(from: Machine, name: string): Resolved;
  /** The hosts that are switched on: what their links and routes to each other follow from. */
  hosts?(): readonly Machine[];
  /** Who listens on the wires (tcpdump): told of every attempt to connect while they are here. */
  readonly observers?: Set<Observer>;
  /** Where the host is the real machine: how servers on its own network are asked, instead of by `dial`. */
  readonly outside?: Outside;
}

/** A packet that opens a connection, or an echo request, as somebody on the wire sees it. */
export interface Attempt {
  readonly from: Machine;
  readonly address: string;
  /** 0 for ICMP. */
  readonly port: number;
  readonly protocol: Protocol | "ICMP";
  readonly ended: Dialled | Echoed;
}

export interface Observer {
  attempted(attempt: Attempt): void;
  /** What was asked over a connection, and answered. */
  exchanged(attempt: Attempt, said: Said): void;
}

export type Said =
  | { readonly request: HttpRequest; readonly answer: HttpResponse }
  | { readonly question: DnsQuestion; readonly reply: DnsReply | undefined };

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
