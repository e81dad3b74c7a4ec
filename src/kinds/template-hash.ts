import { compareText } from "../base/go-text.ts";
import type { PodTemplateSpec } from "./types/pod.ts";

const safe = "bcdfghjklmnpqrstvwxz2456789";

/**
 * The hash that tells pod templates apart in the names of replica sets and revisions: FNV-1a of 32 bits, its decimal
 * digits written in letters that form no words (kubernetes pkg/controller ComputeHash, 1.35). The real one hashes Go's
 * dump of the template, so the letters differ from a real cluster's.
 */
export function podTemplateHash(template: PodTemplateSpec, collisionCount?: number): string {
  let hash = fnv32a(ordered(template), 0x811c9dc5);
  if (collisionCount !== undefined) hash = fnv32a(String(collisionCount), hash);
  let text = "";
  for (const digit of String(hash >>> 0)) text += safe[digit.charCodeAt(0) % safe.length];
  return text;
}

function fnv32a(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** A value as JSON with sorted keys, so that equal templates are written alike. */
function ordered(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(ordered).join(",")}]`;
  const map = value as Record<string, unknown>;
  const entries = Object.keys(map)
    .filter((key) => map[key] !== undefined && map[key] !== null && !isEmptyList(map[key]))
    .sort(compareText);
  return `{${entries.map((key) => `${JSON.stringify(key)}:${ordered(map[key])}`).join(",")}}`;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
