import { FormatError } from "../../../../base/format-error.ts";
import { guestRegex } from "../../../../base/regex.ts";
import type { Location, Server } from "./configuration.ts";

/** A location as nginx gets it: `= path`, `path`, or, where a location of the server needs it, `~* "^path"`. */
interface Block {
  readonly mark: "=" | "" | "~*";
  readonly path: string;
  readonly of: Location;
}

/** Whether a location changes the path. */
export function rewrites({ settings, path }: Location): boolean {
  const target = settings.text("rewrite-target");
  return target !== undefined && target !== path;
}

const made = new WeakMap<Server, readonly Block[]>();

/** The location that answers for a path: as nginx finds it, in the blocks that the controller writes. */
export function locationFor(server: Server, path: string): Location | undefined {
  let blocks = made.get(server);
  if (!blocks) {
    blocks = blocksOf(server);
    made.set(server, blocks);
  }
  let best: Block | undefined;
  for (const block of blocks) {
    if (block.mark === "=" && block.path === path) return block.of;
    if (block.mark === "" && path.startsWith(block.path) && block.path.length > (best?.path.length ?? -1)) best = block;
  }
  const pattern = blocks.find(({ mark, path: own }) => mark === "~*" && fits(`^${own}`, path));
  return (pattern ?? best)?.of;
}

function fits(pattern: string, path: string): boolean {
  try {
    return guestRegex(pattern, "i").test(path);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

/**
 * The longest path stands first. One location with a pattern makes patterns of all (template.go enforceRegexModifier);
 * a prefix that is no pattern is written twice, for the path itself and for what is below it (location.go, 1.13).
 */
export function blocksOf({ locations }: Server): readonly Block[] {
  const sorted = locations
    .toSorted((a, b) => (a.path > b.path ? -1 : a.path < b.path ? 1 : 0))
    .sort((a, b) => b.path.length - a.path.length);
  const enforce = sorted.some((one) => rewrites(one) || one.settings.is("use-regex") === true);
  const exact = new Set(sorted.filter(({ type }) => type === "Exact").map(({ path }) => path));
  return sorted.flatMap((of): Block[] => {
    const block = (path: string, isExact: boolean): Block => ({
      mark: enforce ? "~*" : isExact ? "=" : "",
      path,
      of,
    });
    const { path, type } = of;
    if (path === "/" || type === "Exact" || rewrites(of) || of.settings.is("use-regex"))
      return [block(path, type === "Exact")];
    const below = block(path.endsWith("/") ? path : `${path}/`, false);
    return exact.has(path) ? [below] : [below, block(path, true)];
  });
}

/** What nginx says of the first pattern that it cannot read: then it keeps the configuration that it has. */
export function patternFault(servers: Iterable<Server>): string | undefined {
  for (const server of servers)
    for (const { mark, path } of blocksOf(server)) {
      const pattern = `^${path}`;
      const why = mark === "~*" ? faultOf(pattern) : undefined;
      if (why !== undefined) return `pcre2_compile() failed: ${why} in "${pattern}"`;
    }
  return undefined;
}

/** PCRE's words for what is wrong with a pattern. */
function faultOf(pattern: string): string | undefined {
  try {
    guestRegex(pattern, "i");
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    if (error.message.includes("missing closing )")) return "missing closing parenthesis";
    if (error.message.includes("missing closing ]")) return "missing terminating ] for character class";
    if (error.message.includes("unexpected )")) return "unmatched closing parenthesis";
    if (error.message.includes("repetition operator")) return "quantifier does not follow a repeatable item";
    return error.message.replace(/^error parsing regexp: /, "");
  }
}

/** The path that a location passes on: what its rewrite-target makes of it, with the groups of its pattern. */
export function rewritten(location: Location, path: string): string {
  const target = location.settings.text("rewrite-target");
  if (target === undefined || !rewrites(location)) return path;
  try {
    const match = guestRegex(location.path, "i").find(path);
    if (!match) return path;
    return target.replace(/\$(\d)/g, (_whole, digit: string) => match.groups[Number(digit)] ?? "") || "/";
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return path;
  }
}
