import type { Image } from "./define.ts";

/** Images without a shell: what is run in them fails, as in life. */
export const distroless: readonly Image[] = ["static", "static-debian12", "base", "base-debian12"].map((name) => ({
  repository: `gcr.io/distroless/${name}`,
  tags: ["latest", "nonroot", "debug"],
  size: 1_000_000,
  userland: "none" as const,
  byTag: (tag: string): Partial<Image> =>
    tag === "nonroot" ? { user: 65532 } : tag === "debug" ? { userland: "busybox" } : {},
}));
