import { goQuote } from "../../base/go-text.ts";
import type { Volume } from "../types/pod.ts";

interface Files {
  readonly name?: string;
  readonly secretName?: string;
  readonly path?: string;
  readonly items?: readonly { readonly path?: string }[];
}

/** Files of one volume that hide each other (pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths, 1.35). */
export function overlapWarnings(volumes: readonly Volume[]): readonly string[] {
  return volumes.flatMap((volume) => {
    const { configMap, secret, downwardAPI, projected } = volume as unknown as Record<string, Files | undefined>;
    const name = `volume ${goQuote(volume.name ?? "")}`;
    return [
      ...overlaps(configMap, `${name} (ConfigMap ${goQuote(configMap?.name ?? "")})`),
      ...overlaps(secret, `${name} (Secret ${goQuote(secret?.secretName ?? "")})`),
      ...overlaps(downwardAPI, `${name} (DownwardAPI)`),
      ...projectedOverlaps(projected as { sources?: Record<string, Files | undefined>[] } | undefined, name),
    ];
  });
}

function overlaps(files: Files | undefined, what: string): readonly string[] {
  return among(
    (files?.items ?? []).map(({ path = "" }) => path),
    `${what}: overlapping paths`,
  );
}

function projectedOverlaps(
  volume: { sources?: Record<string, Files | undefined>[] } | undefined,
  name: string,
): readonly string[] {
  const found: string[] = [];
  const before = new Set<string>();
  for (const { configMap, secret, downwardAPI, serviceAccountToken } of volume?.sources ?? []) {
    const files = configMap ?? secret ?? downwardAPI;
    const paths = serviceAccountToken
      ? [serviceAccountToken.path ?? ""]
      : (files?.items ?? []).map(({ path = "" }) => path);
    if (paths.length === 0) continue;
    const kind = configMap ? "ConfigMap" : secret ? "Secret" : downwardAPI ? "DownwardAPI" : "ServiceAccountToken";
    const of = configMap || secret ? ` ${goQuote(files?.name ?? "")}` : "";
    const what = `${name} (Projected ${kind}${of}): overlapping paths`;
    found.push(...among(paths, what));
    found.push(...among([...new Set(paths), ...before].sort(), what));
    for (const path of paths) before.add(path);
  }
  return [...new Set(found)];
}

function among(paths: readonly string[], what: string): readonly string[] {
  const found: string[] = [];
  const seen: string[] = [];
  for (const path of paths) {
    const plain = path.replace(/\/+$/, "");
    const other =
      plain === "" ? undefined : seen.find((one) => `${one}/`.startsWith(plain) || `${plain}/`.startsWith(one));
    if (other) found.push(`${what}: ${goQuote(plain)} with ${goQuote(other)}`);
    if (!seen.includes(plain)) seen.push(plain);
  }
  return found;
}
