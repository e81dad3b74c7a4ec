/** How a patch is written: strategic merge, RFC 7386, RFC 6902, server-side apply. */
export type PatchType = "strategic" | "merge" | "json" | "apply";

/** The content type of each. */
export const patchContentTypes: Readonly<Record<PatchType, string>> = {
  strategic: "application/strategic-merge-patch+json",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};
