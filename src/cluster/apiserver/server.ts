import type { Clock } from "../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { Random } from "../../base/random.ts";
import type { Store } from "../store/define.ts";
import { AdmissionChain } from "./admission/chain.ts";
import { Modes } from "./authorization/modes.ts";
import { Client, type ClientServer } from "./client.ts";
import type { Context, ServerHooks } from "./context.ts";
import type { Api, Door, UserInfo } from "./define.ts";
import { Follows } from "./follow.ts";
import { answer } from "./http/answer.ts";
import type { KindTable } from "./kind-table.ts";
import { complete } from "./managed-fields/complete.ts";
import { Storage } from "./storage.ts";
import { type VersionInfo, versionInfo } from "./version.ts";

/** What an API server is made of. */
export interface ServerParts extends ServerHooks {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: KindTable;
  /** The flags of the kube-apiserver process, without the dashes. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** v1.35.0 */
  readonly version?: string;
}

/** kube-apiserver: the one door to all state of a cluster. Holds no state but what it can read again from etcd. */
export class ApiServer implements Door, ClientServer {
  readonly kinds: KindTable;
  readonly version: VersionInfo;
  /** Why nobody answers while the process does not run: "dial tcp 10.0.0.1:6443: connect: connection refused". */
  down: string | undefined;
  /** Warnings for the request that is being answered. */
  warnings: string[] = [];
  private parts: ServerParts;
  private current: Context;
  private follows: Follows;

  constructor(parts: ServerParts) {
    this.parts = parts;
    this.kinds = parts.kinds;
    this.version = versionInfo(parts.version ?? "v1.35.0");
    this.current = this.contextOf(parts);
    this.follows = new Follows(this.current.storage);
  }

  get context(): Context {
    return this.current;
  }

  get flags(): Readonly<Record<string, string | undefined>> {
    return this.parts.flags ?? {};
  }

  handle(request: HttpRequest): HttpResponse {
    return answer(this, request);
  }

  client(user: UserInfo, agent: string): Api {
    return new Client(this, user, agent);
  }

  follow: ClientServer["follow"] = (kind, handler) => this.follows.add(kind, handler);

  /** The process ends: nobody answers any more. Watches over HTTP end, in-process ones wait. */
  stop(reason: string): void {
    this.down = reason;
    this.follows.pause();
  }

  /** The process starts, perhaps with other flags or another etcd. In-process watches are told what changed meanwhile. */
  start(changed: Partial<Pick<ServerParts, "store" | "flags" | "version">> = {}): void {
    this.parts = { ...this.parts, ...changed };
    this.current = this.contextOf(this.parts);
    this.down = undefined;
    this.follows.resume(this.current.storage);
  }

  private contextOf(parts: ServerParts): Context {
    const { store, clock, random, kinds, flags = {} } = parts;
    store.whole = (object) => complete(kinds, object);
    return {
      storage: new Storage(store, clock, kinds, flags["event-ttl"]),
      clock,
      random,
      kinds,
      flags,
      authorizer: new Modes(store, flags["authorization-mode"]),
      admission: new AdmissionChain(flags),
      hooks: parts,
      warn: (text) => {
        this.warnings.push(text);
      },
    };
  }
}
