import type { Clock } from "../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { Random } from "../../base/random.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import { newestRelease } from "../kubeadm/release.ts";
import type { Store } from "../store/define.ts";
import { AdmissionChain } from "./admission/chain.ts";
import { Availability } from "./aggregation/availability.ts";
import { auditedClient } from "./audit/audited-client.ts";
import { authenticate } from "./authentication/authenticate.ts";
import { modesOf } from "./authorization/mode-names.ts";
import { Modes } from "./authorization/modes.ts";
import { bootstrap, ensureKubernetesService } from "./bootstrap/index.ts";
import { Client, type ClientServer } from "./client.ts";
import type { Context, ServerHooks } from "./context.ts";
import { CustomResources } from "./custom-resources/serve.ts";
import type { Api, Door, UserInfo } from "./define.ts";
import { answer } from "./http/answer.ts";
import type { KindTable } from "./kind-table.ts";
import { complete } from "./managed-fields/complete.ts";
import { OwnService } from "./own-service.ts";
import { Storage } from "./storage.ts";
import type { Build } from "./version.ts";

/** What an API server is made of. */
export interface ServerParts extends ServerHooks {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: KindTable;
  /** The flags of the kube-apiserver process, without the dashes. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  readonly release?: Build;
}

const newest: Build = { version: newestRelease.version, gitCommit: "", buildDate: "", goVersion: "" };

/** kube-apiserver: the one door to all state of a cluster. Keeps nothing that it could not read again from etcd. */
export class ApiServer implements Door, ClientServer {
  readonly context: Context;
  readonly release: Build;
  /** Why nobody answers any more. */
  down: string | undefined;
  /** Why no object can be read or written while it runs: its connection to etcd is lost. */
  unavailable: string | undefined;
  /** What is said beside the answer to the request at hand. */
  warnings: string[] = [];
  private readonly endings = new Set<() => void>();
  private readonly availability: Availability;
  private readonly customResources: CustomResources;
  private ownService: OwnService | undefined;

  constructor(parts: ServerParts) {
    const { store, clock, random, kinds, flags = {}, release = newest } = parts;
    this.release = release;
    const whole = (object: KubeObject) =>
      complete(({ apiVersion, kind }) => kinds.byApiVersionKind(apiVersion, kind), object);
    store.whole = whole;
    this.context = {
      storage: new Storage(store, clock, kinds, flags["event-ttl"], parts.encryption),
      clock,
      random,
      kinds,
      flags,
      authorizer: new Modes(store, parts.modes ?? modesOf(flags), parts.policies),
      admission: new AdmissionChain(flags, parts.readFile),
      hooks: parts,
      complete: whole,
      trail: undefined,
      warn: (text) => {
        if (!this.warnings.includes(text)) this.warnings.push(text);
      },
    };
    this.availability = new Availability(this.context, () => (this.down ?? this.unavailable) === undefined);
    this.customResources = new CustomResources(this.context, () => (this.down ?? this.unavailable) === undefined);
  }

  handle(request: HttpRequest): HttpResponse {
    return answer(this, request);
  }

  answerTo(request: HttpRequest, user: UserInfo): HttpResponse {
    return answer(this, request, user);
  }

  authenticate(request: Pick<HttpRequest, "headers" | "clientCertificate">): UserInfo {
    return authenticate(this.context, request);
  }

  client(user: UserInfo, agent: string, source?: string): Api {
    const own = new Client(this, user, agent, source);
    const { audit } = this.context.hooks;
    return audit ? auditedClient(own, this.context, audit, this.release, agent) : own;
  }

  /** What the server makes sure of when it starts: system namespaces, the kubernetes Service, the built-in roles. */
  start(address: string): void {
    bootstrap(this.context, address);
    this.availability.start();
    const ensure = () => ensureKubernetesService(this.context, address);
    this.ownService = new OwnService(this.context, () => (this.down ?? this.unavailable) === undefined, ensure);
    this.ownService.start();
  }

  /** The process ends: watches end, and nobody answers. */
  stop(reason = "connect: connection refused"): void {
    this.down = reason;
    this.availability.stop();
    this.ownService?.stop();
    this.customResources.stop();
    this.endWatches();
  }

  /** etcd does not answer: watches end, and requests for objects fail until `regainStorage`. */
  loseStorage(reason: string): void {
    this.unavailable = reason;
    this.endWatches();
  }

  regainStorage(): void {
    this.unavailable = undefined;
  }

  private endWatches(): void {
    for (const end of [...this.endings]) end();
    this.endings.clear();
  }

  onStop(end: () => void): () => void {
    this.endings.add(end);
    return () => this.endings.delete(end);
  }
}
