import type { Condition, KubeObject } from "./meta.ts";

/** apiregistration.k8s.io/v1 APIService: who serves a version of a group. */
export interface ApiService extends KubeObject {
  spec: {
    /** Left out where the API server serves it itself. */
    service?: { namespace?: string; name?: string; port?: number } | null;
    group?: string;
    version?: string;
    insecureSkipTLSVerify?: boolean;
    caBundle?: string;
    groupPriorityMinimum: number;
    versionPriority: number;
  };
  status?: { conditions?: Condition[] };
}
