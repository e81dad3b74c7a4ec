import type { TreeMap } from "./tree.ts";

/** Where a resource comes from: a file, or a generator or transformer of a kustomization. */
export interface Origin {
  readonly path?: string | undefined;
  readonly configuredIn?: string | undefined;
  readonly configuredBy?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name?: string;
    readonly namespace?: string;
  };
}

/** The annotations of buildMetadata. */
export const ORIGIN = "config.kubernetes.io/origin";
export const TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations";

/** path: base/deploy.yaml */
export function originText(origin: Origin): string {
  return originLines(origin)
    .map((line) => `${line}\n`)
    .join("");
}

export function transformationsText(all: readonly Origin[]): string {
  return all.flatMap((one) => originLines(one).map((line, i) => `${i === 0 ? "- " : "  "}${line}\n`)).join("");
}

function originLines({ path, configuredIn, configuredBy }: Origin): string[] {
  const lines: string[] = [];
  if (path) lines.push(`path: ${path}`);
  if (configuredIn) lines.push(`configuredIn: ${configuredIn}`);
  if (configuredBy) {
    lines.push("configuredBy:");
    for (const [key, value] of Object.entries(configuredBy)) if (value) lines.push(`  ${key}: ${value}`);
  }
  return lines;
}

/** The origin of what a built-in generator makes or transformer changes. */
export function builtinOrigin(kind: string, folder: string, file: string): Origin {
  return { configuredIn: folder === "" ? file : `${folder}/${file}`, configuredBy: { apiVersion: "builtin", kind } };
}

/** The origin of what a generator or transformer in a manifest of its own makes or changes. */
export function pluginOrigin(config: TreeMap, name: string, origin: Origin): Origin {
  return {
    configuredIn: origin.path,
    configuredBy: { apiVersion: String(config.apiVersion), kind: String(config.kind), name },
  };
}
