import { guestRegex } from "../../../../base/regex.ts";
import type { Directive } from "./parse.ts";
import type { Scope } from "./servers.ts";

/** A `location` block that fits a path. */
export interface Location extends Scope {
  readonly at: Directive;
  /** What its prefix is, where it is no pattern. */
  readonly prefix: string | undefined;
  /** What its pattern's groups have matched. */
  readonly groups: readonly (string | undefined)[];
}

/** The location that answers for a path (ngx_http_core_find_location): exact, else the longest prefix, else the first pattern. */
export function findLocation(scope: Scope, path: string): Location | undefined {
  const locations = scope.directives.filter(({ name }) => name === "location");
  let best: Directive | undefined;
  for (const at of locations) {
    const { mark, pattern } = meaningOf(at);
    if (mark === "=" && pattern === path) return locationOf(at, scope, pattern);
    if ((mark === "" || mark === "^~") && path.startsWith(pattern))
      if (!best || pattern.length > meaningOf(best).pattern.length) best = at;
  }
  const inner = best && findInner(locationOf(best, scope, meaningOf(best).pattern), path);
  if (inner) return inner;
  if (best && meaningOf(best).mark === "^~") return locationOf(best, scope, meaningOf(best).pattern);
  for (const at of locations) {
    const { mark, pattern } = meaningOf(at);
    if (mark !== "~" && mark !== "~*") continue;
    const match = guestRegex(pattern, mark === "~*" ? "i" : "").find(path);
    if (match) return { ...locationOf(at, scope, undefined), groups: match.groups };
  }
  return best && locationOf(best, scope, meaningOf(best).pattern);
}

function findInner(location: Location, path: string): Location | undefined {
  return location.directives.some(({ name }) => name === "location") ? findLocation(location, path) : undefined;
}

function locationOf(at: Directive, parent: Scope, prefix: string | undefined): Location {
  return { at, directives: at.block ?? [], parent, prefix, groups: [] };
}

function meaningOf({ args }: Directive): { readonly mark: string; readonly pattern: string } {
  const [first = "", second] = args;
  if (second !== undefined) return { mark: first, pattern: second };
  const joined = /^(=|\^~|~\*|~)(.+)$/.exec(first);
  return joined ? { mark: joined[1] ?? "", pattern: joined[2] ?? "" } : { mark: "", pattern: first };
}
