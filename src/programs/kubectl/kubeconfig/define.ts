import type { Json, JsonObject } from "../../../base/json.ts";

/** A cluster, context or user of a kubeconfig, and the file it came from. */
export interface Entry {
  readonly fields: JsonObject;
  readonly origin: string;
}

/** A kubeconfig as clientcmd keeps it: by name, each entry with its file. */
export interface Config {
  currentContext: string;
  readonly clusters: Map<string, Entry>;
  readonly contexts: Map<string, Entry>;
  readonly users: Map<string, Entry>;
  preferences: JsonObject;
}

export type Section = "clusters" | "contexts" | "users";

/** How the entries of each section are called in the file, and the fields they may have (clientcmd/api/v1, 1.33). */
export const sections: Readonly<Record<Section, { readonly inner: string; readonly fields: readonly string[] }>> = {
  clusters: {
    inner: "cluster",
    fields: [
      "server",
      "tls-server-name",
      "insecure-skip-tls-verify",
      "certificate-authority",
      "certificate-authority-data",
      "proxy-url",
      "disable-compression",
      "extensions",
    ],
  },
  contexts: { inner: "context", fields: ["cluster", "user", "namespace", "extensions"] },
  users: {
    inner: "user",
    fields: [
      "client-certificate",
      "client-certificate-data",
      "client-key",
      "client-key-data",
      "token",
      "tokenFile",
      "as",
      "as-uid",
      "as-groups",
      "as-user-extra",
      "username",
      "password",
      "auth-provider",
      "exec",
      "extensions",
    ],
  },
};

/** Fields that hold a path, which is relative to the file that says it. */
export const pathFields: Readonly<Record<Section, readonly string[]>> = {
  clusters: ["certificate-authority"],
  contexts: [],
  users: ["client-certificate", "client-key", "tokenFile"],
};

/** Fields of bytes, in base64. */
export const byteFields = ["certificate-authority-data", "client-certificate-data", "client-key-data"];

/** Fields that are printed even when they are empty. */
export const alwaysShown: Readonly<Record<Section, readonly string[]>> = {
  clusters: ["server"],
  contexts: ["cluster", "user"],
  users: [],
};

export function emptyConfig(): Config {
  return { currentContext: "", clusters: new Map(), contexts: new Map(), users: new Map(), preferences: {} };
}

/** A field's text, "" where it is missing. */
export function textIn(entry: Entry | undefined, field: string): string {
  const value: Json | undefined = entry?.fields[field];
  return typeof value === "string" ? value : "";
}
