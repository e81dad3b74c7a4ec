import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { PrivateKey } from "../../base/x509/private-key.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Dialled } from "../../machine/define-network.ts";
import type { AdmissionChain } from "./admission/chain.ts";
import type { AuditLog, AuditTrail } from "./audit/define.ts";
import type { FrontProxies } from "./authentication/front-proxy.ts";
import type { AttributePolicy } from "./authorization/attribute-policies.ts";
import type { Authorizer } from "./authorization/authorizer.ts";
import type { NodeDoor, UserInfo } from "./define.ts";
import type { Encryption } from "./encryption/define.ts";
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
  /** A stored object with its metadata.managedFields, which are worked out when somebody wants to see them. */
  complete(object: KubeObject): KubeObject;
  /** Says something to the client beside the answer (a Warning header). */
  warn(text: string): void;
  /** What is recorded of the request at hand, while it is. */
  trail: AuditTrail | undefined;
}

/** What other parts of the cluster lend to the server. */
export interface ServerHooks {
  /** Who a client certificate (or what would make it) speaks for, if --client-ca-file's authority signed it and it is valid now. Left out without that flag. */
  readonly verifyCertificate?: (
    certificate: string | (() => string),
  ) => { commonName: string; organizations?: readonly string[] } | undefined;
  /** Who may say for whom they ask (--requestheader-client-ca-file). */
  readonly frontProxies?: FrontProxies;
  /** The text of a certificate that nobody has looked at yet. */
  readonly certificateText?: (maker: () => string) => string;
  /** The public keys of service account tokens (--service-account-key-file), each as a certificate would hold it. */
  readonly tokenKeys?: () => readonly Uint8Array[];
  /** What service account tokens are signed with (--service-account-signing-key-file). */
  readonly signingKey?: () => PrivateKey;
  /** Who may come without credentials, where --authentication-config says so; `paths`: only for these. */
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: readonly string[] };
  /** The authorization modes of --authorization-config. */
  readonly modes?: readonly string[];
  /** The policies of mode ABAC (--authorization-policy-file). */
  readonly policies?: readonly AttributePolicy[];
  /** What objects are encrypted with in etcd (--encryption-provider-config). */
  readonly encryption?: Encryption;
  /** Where the server's requests are recorded; left out where nothing is. */
  readonly audit?: AuditLog;
  /** Writes a line into the server's own log. */
  readonly say?: (level: "I" | "W" | "E", source: string, text: string) => void;
  /** Who another bearer token speaks for (--token-auth-file). */
  readonly verifyToken?: (token: string) => UserInfo | undefined;
  /** The text of a file of the server's host, if it is there and may be read (--admission-control-config-file). */
  readonly readFile?: (path: string) => string | undefined;
  /** The way to a node's kubelet. */
  readonly nodes?: (name: string) => NodeDoor | undefined;
  /** What a connection from the server's host ends at. */
  readonly dial?: (address: string, port: number) => Dialled;
  /** What is wrong with the certificate of a server that is known under a name; `bundle`: the authorities that it trusts, base64. */
  readonly serverProblem?: (certificate: string, bundle: string | undefined, name: string) => string | undefined;
}
