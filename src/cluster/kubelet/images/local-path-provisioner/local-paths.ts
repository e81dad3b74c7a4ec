import { cleanPath } from "../../../../base/clean-path.ts";
import { FormatError } from "../../../../base/format-error.ts";
import type { Json } from "../../../../base/json.ts";
import { parseJson } from "../../../../base/json.ts";

/** The folders in which volumes are made, by node. */
export interface LocalPaths {
  readonly byNode: ReadonlyMap<string, readonly string[]>;
}

const OTHERS = "DEFAULT_PATH_FOR_NON_LISTED_NODES";

interface Entry {
  readonly node?: string;
  readonly paths?: readonly string[];
}

/** What config.json says (provisioner.go canonicalizeConfig, 0.0.32). */
export function readLocalPaths(text: string, file: string): LocalPaths | { readonly error: string } {
  let json: Json;
  try {
    json = parseJson(text);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof SyntaxError)) throw error;
    return { error: `fail to load config file ${file}: ${error.message}` };
  }
  const byNode = new Map<string, readonly string[]>();
  const wrong = (why: string) => ({ error: `config canonicalization failed: ${why}` });
  for (const { node = "", paths = [] } of ((json as { nodePathMap?: Entry[] } | null)?.nodePathMap ?? []) as Entry[]) {
    if (byNode.has(node)) return wrong(`duplicate node ${node}`);
    const clean: string[] = [];
    for (const path of paths) {
      if (!path.startsWith("/")) return wrong(`path must start with / for path ${path} on node ${node}`);
      const whole = cleanPath(path);
      if (whole === "/") return wrong(`cannot use root ('/') as path on node ${node}`);
      if (clean.includes(whole)) return wrong(`duplicate path ${path} on node ${node}`);
      clean.push(whole);
    }
    byNode.set(node, clean);
  }
  return { byNode };
}

/** The folders of a node, or why there are none. */
export function pathsOn({ byNode }: LocalPaths, node: string): readonly string[] | { readonly error: string } {
  const paths = byNode.get(node) ?? byNode.get(OTHERS);
  if (!paths) return { error: `config doesn't contain node ${node}, and no ${OTHERS} available` };
  return paths.length === 0 ? { error: `no local path available on node ${node}` } : paths;
}
