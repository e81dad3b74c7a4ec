import type { Context } from "../context.ts";

/** Whom tokens must be meant for: --api-audiences, else the first issuer. */
export function audiences({ flags }: Pick<Context, "flags">): readonly string[] {
  return (flags["api-audiences"] ?? issuer(flags)).split(",");
}

/** Who issues tokens: the first of --service-account-issuer. */
export function issuer(flags: Context["flags"]): string {
  return issuers(flags)[0] ?? "";
}

/** All whose tokens are taken: more than one while an issuer is being changed. */
export function issuers(flags: Context["flags"]): readonly string[] {
  return (flags["service-account-issuer"] ?? "https://kubernetes.default.svc.cluster.local").split(",");
}
