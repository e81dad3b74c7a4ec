import type { JsonObject } from "../../base/json.ts";
import type { Resource } from "./resource.ts";

/** What a command line says about which objects it means. */
export interface Selection {
  /** TYPE NAME…, TYPE/NAME…, TYPE1,TYPE2. */
  readonly args?: readonly string[];
  readonly filenames?: readonly string[];
  readonly recursive?: boolean;
  readonly kustomize?: string;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** --all: everything of the types. */
  readonly all?: boolean;
  /** --all counts only where nothing is named (label, scale, set); else names beside it are refused. */
  readonly namesBesideAll?: boolean;
  readonly allNamespaces?: boolean;
  /** A type alone means all of it (get, describe). */
  readonly typeMeansAll?: boolean;
  /** Objects of files are read anew from the server (get, describe, delete, label). */
  readonly latest?: boolean;
  /** Nothing is asked of the server: objects of files stay as they are, with resources guessed from their kind. */
  readonly local?: boolean;
  /** The objects are to be checked against the server's description of the API, which is therefore asked for first. */
  readonly validates?: "Strict" | "Warn" | "Ignore";
  /** Lists and Tables come as the server sent them, one for each type; else one by one. */
  readonly whole?: boolean;
  readonly accept?: string;
  /** Further words in the query of reads. */
  readonly query?: Readonly<Record<string, string>>;
  readonly limit?: number;
  readonly subresource?: string;
}

/** One object that was meant, or a whole list of a type (`name` is then empty). */
export interface Found {
  readonly resource: Resource;
  /** Undefined for what has no namespace, and for lists over all of them. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: JsonObject;
  /** The file it came from, as it was named; "" for what came from the server. */
  readonly source: string;
}

export interface Finding {
  readonly found: readonly Found[];
  /** What went wrong beside; the found ones are to be worked off first. */
  readonly failure: Error | undefined;
  /** Faults of single objects, each with how many were found before it, where they were asked for one by one. */
  readonly missed?: readonly { readonly after: number; readonly fault: Error }[] | undefined;
  /** One object was asked for, not a list that happens to have one. */
  readonly single: boolean;
}

/** What kubectl says where nothing was named (resource.Builder). */
export const missingResource = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;
