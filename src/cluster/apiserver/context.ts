import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { AdmissionChain } from "./admission/chain.ts";
import type { Authorizer } from "./authorization/authorizer.ts";
import type { NodeConnection, UserInfo } from "./define.ts";
import type { KindTable } from "./kind-table.ts";
import type { Storage } from "./storage.ts";

/** The parts of a running API server, as the code behind the door uses them. */
export interface Context {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: KindTable;
  /** The flags of the kube-apiserver process, without the dashes. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly authorizer: Authorizer;
  readonly admission: AdmissionChain;
  readonly hooks: ServerHooks;
  /** Says something to the client beside the answer (a Warning header). */
  warn(text: string): void;
}

/** What other parts of the cluster lend to the server. */
export interface ServerHooks {
  /** Who a client certificate speaks for, if --client-ca-file's authority signed it and it is valid now. */
  readonly verifyCertificate?: (pem: string) => { commonName: string; organizations: readonly string[] } | undefined;
  /** Who a bearer token speaks for. */
  readonly verifyToken?: (token: string) => UserInfo | undefined;
  /** Issues a token for a service account (the token subresource). */
  readonly issueToken?: (serviceAccount: { namespace: string; name: string; uid: string }, request: TokenAsk) => string;
  /** The way to a node's kubelet. */
  readonly nodes?: (name: string) => NodeConnection | undefined;
}

export interface TokenAsk {
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly boundTo?: { readonly kind: string; readonly name: string; readonly uid: string };
}
