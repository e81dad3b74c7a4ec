import { Errno, type Task } from "../../../machine/define.ts";
import type { Stat } from "../../../machine/define-files.ts";
import { type Call, Fail, tool } from "../define.ts";
import { joinPath } from "../shared/paths.ts";
import { quote } from "../shared/quote.ts";
import type { Test, Visit, Walk } from "./define.ts";
import { parseExpression } from "./parse.ts";

/** find: walks trees and tests what it meets. */
export const find = tool({
  name: "find",
  from: "(GNU findutils) 4.9.0",
  usage: "[-H] [-L] [-P] [path...] [expression]",
  *run(call) {
    const words = [...call.operands];
    const walk: Walk = {
      least: 0,
      most: Number.POSITIVE_INFINITY,
      depthFirst: false,
      regexType: "findutils-default",
      follow: "never",
      pruned: false,
      quit: false,
      acts: false,
      atEnd: [],
    };
    while (/^-[HLP]$/.test(words[0] ?? "")) {
      const letter = words.shift();
      walk.follow = letter === "-L" ? "always" : letter === "-H" ? "operands" : "never";
    }
    if (words[0] === "--help" || words[0] === "-help") {
      call.out.put("Usage: find [-H] [-L] [-P] [path...] [expression]\n");
      return 0;
    }
    const starts: string[] = [];
    while (words.length > 0 && !/^(-.|[(!,])/.test(words[0] ?? "")) starts.push(words.shift() ?? "");
    const test = yield* parseExpression(call, walk, words);
    for (const start of starts.length === 0 ? ["."] : starts) {
      yield* begin(call, walk, test, start);
      if (walk.quit) break;
    }
    for (const task of walk.atEnd) yield* task();
    return undefined;
  },
});

function* begin(call: Call, walk: Walk, test: Test, start: string): Task {
  const stat = statOf(call, start, walk.follow !== "never");
  if (stat instanceof Errno) return yield* call.warn(`${quote(start)}: ${stat.message}`);
  yield* visitAll(call, walk, test, { path: start, start, depth: 0, stat });
}

/** A link that leads nowhere is looked at as itself. */
function statOf(call: Call, path: string, follow: boolean): Stat | Errno {
  try {
    return (
      (follow ? call.files.find(call.path(path), call.who) : undefined) ??
      call.files.stat(call.path(path), call.who, { follow: false })
    );
  } catch (error) {
    if (error instanceof Errno) return error;
    throw error;
  }
}

function* visitAll(call: Call, walk: Walk, test: Test, visit: Visit): Task {
  if (call.proc.tick()) yield undefined;
  if (visit.depth > 300) throw new Fail("File system loop detected");
  walk.pruned = false;
  const applies = visit.depth >= walk.least;
  if (applies && !walk.depthFirst) yield* apply(test, visit);
  if (walk.quit) return;
  if (visit.stat.kind === "directory" && visit.depth < walk.most && !(walk.pruned && !walk.depthFirst)) {
    yield* children(call, walk, test, visit);
    if (walk.quit) return;
  }
  if (applies && walk.depthFirst) yield* apply(test, visit);
  if (call.out.full) yield* call.out.flush();
}

function* apply(test: Test, visit: Visit): Task {
  const result = test(visit);
  if (typeof result !== "boolean") yield* result;
}

function* children(call: Call, walk: Walk, test: Test, visit: Visit): Task {
  let names: readonly string[];
  try {
    names = call.files.list(call.path(visit.path), call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code !== "ENOENT") yield* call.warn(`${quote(visit.path)}: ${error.message}`);
    return;
  }
  for (const name of names) {
    const path = joinPath(visit.path, name);
    const stat = statOf(call, path, walk.follow === "always");
    if (stat instanceof Errno) yield* call.warn(`${quote(path)}: ${stat.message}`);
    else yield* visitAll(call, walk, test, { path, start: visit.start, depth: visit.depth + 1, stat });
    if (walk.quit) return;
  }
}
