import type { Condition, KubeObject } from "./meta.ts";

export interface CertificateSigningRequest extends KubeObject {
  spec: {
    /** PEM, in base64. */
    request: string;
    signerName: string;
    expirationSeconds?: number;
    usages?: string[];
    username?: string;
    uid?: string;
    groups?: string[];
    extra?: Record<string, string[]>;
  };
  status?: { conditions?: Condition[]; certificate?: string };
}
