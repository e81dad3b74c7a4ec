import { CommandFault } from "../../faults.ts";

/** A place of kubectl cp: here, or in a pod. */
export interface FileSpec {
  readonly namespace: string;
  /** "" for the host itself. */
  readonly pod: string;
  readonly path: string;
}

const form = "filespec must match the canonical format: [[namespace/]pod:]file/path";

/** Reads [[namespace/]pod:]path (cp.go extractFileSpec, 1.33). */
export function readFileSpec(text: string): FileSpec {
  const colon = text.indexOf(":");
  if (colon === 0) throw new CommandFault(form);
  if (colon < 0) return { namespace: "", pod: "", path: text };
  const pieces = text.slice(0, colon).split("/");
  const path = text.slice(colon + 1);
  const [first = "", second] = pieces;
  if (pieces.length > 2) throw new CommandFault(form);
  return second === undefined ? { namespace: "", pod: first, path } : { namespace: first, pod: second, path };
}
