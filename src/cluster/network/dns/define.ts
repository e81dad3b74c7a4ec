import type { Clock } from "../../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import type { Random } from "../../../base/random.ts";
import type { Dialled, DnsCode, DnsQuestion, DnsReply, Protocol } from "../../../machine/define-network.ts";
import type { Dispenser } from "./corefile/dispenser.ts";
import type { ClusterSource } from "./kubernetes/define.ts";
import { emptyReply } from "./reply.ts";

/** A question on its way through the plugins of a server block. */
export interface DnsRequest {
  /** As it is asked now: plugins may have rewritten it. */
  readonly question: DnsQuestion;
  /** Its name in lower case. */
  readonly name: string;
  /** The zone of the server block that it belongs to. */
  readonly zone: string;
  /** The client's port. */
  readonly port: number;
  readonly id: number;
  /** Answers what a CNAME points to: the same server is asked again. */
  lookUp(name: string, type: DnsQuestion["type"]): DnsReply;
}

/** What a plugin answers with; undefined where the question is dropped. */
export interface Outcome {
  readonly reply: DnsReply | undefined;
  /** What went wrong, for the log of the errors plugin. */
  readonly error?: string | undefined;
  /** No plugin has written it: the server makes it of the code alone, behind the backs of all plugins. */
  readonly bare?: true;
}

/** Asks the plugins that follow. */
export type Next = (request: DnsRequest) => Outcome;

/** A plugin of a running server block. */
export interface Handler {
  /** Its name in plugin.cfg. */
  readonly plugin: string;
  serve(request: DnsRequest, next: Next): Outcome;
}

/** A page that a plugin serves over HTTP: /health, /ready, /metrics. */
export interface Page {
  readonly address: string;
  readonly port: number;
  readonly answer: (request: HttpRequest) => HttpResponse;
}

/** The world of a CoreDNS process, as its plugins see it. */
export interface DnsHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: ReadonlyMap<string, string>;
  readonly addresses: readonly string[];
  /** Writes a line into the log, now or after so many seconds. */
  say(line: string, after?: number): void;
  read(path: string): string | undefined;
  isFolder(path: string): boolean;
  dial(address: string, port: number, protocol: Protocol): Dialled;
  /** What is known of the cluster; undefined outside of one. */
  cluster(): ClusterSource | undefined;
}

/** What a plugin finds when it is set up. */
export interface SetupContext {
  /** The words of its directive, and what stands around them. */
  readonly words: Dispenser;
  /** The keys of the server block, as zones. */
  readonly zones: readonly string[];
  /** Address and port that the server block listens on: ":53". */
  readonly listens: string;
  readonly host: DnsHost;
  /** Runs when the servers have begun to listen. Gives what ends the process, if anything does. */
  onStart(run: () => string | undefined): void;
  serves(page: Page): void;
  /** What several plugins of the whole process share: metrics, what is ready. */
  readonly shared: Shared;
}

/** What the server blocks of a process have in common. */
export interface Shared {
  /** Plugins that are not ready yet, by name. */
  readonly readiness: Map<string, () => boolean>;
  readonly metrics: Counters;
  /** Seconds that a process waits before it ends (health, lameduck). */
  lameduck: number;
  /** Seconds between two looks at the Corefile; undefined without the reload plugin. */
  reload: { readonly interval: number; readonly jitter: number } | undefined;
  /** Addresses to listen on instead of all. */
  readonly binds: string[];
  /** Where files with a relative path lie. */
  root: string;
}

/** Counters of the metrics page. */
export interface Counters {
  add(name: string, labels: Readonly<Record<string, string>>, by?: number): void;
  page(): string;
}

/** A plugin as it is configured: reads its words and gives what serves; undefined where it only changes settings. */
export interface Plugin {
  readonly name: string;
  /** Throws CorefileFault; `plugin/NAME: ` is put before what is no fault of the syntax. */
  setup(context: SetupContext): Handler | readonly Handler[] | undefined;
}

/** An answer that the server makes itself: a code and nothing else. */
export function failure(rcode: DnsCode, error?: string, after?: number): Outcome {
  const reply = emptyReply(rcode, after ? { after } : {});
  return { reply, bare: true, ...(error === undefined ? {} : { error }) };
}
