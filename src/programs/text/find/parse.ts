import type { Task } from "../../../machine/define.ts";
import { type Call, Fail } from "../define.ts";
import { makeAction } from "./actions.ts";
import type { Test, Visit, Walk } from "./define.ts";
import { makeTest } from "./tests.ts";

const globalOptions = new Set([
  "-maxdepth",
  "-mindepth",
  "-depth",
  "-d",
  "-xdev",
  "-mount",
  "-noleaf",
  "-ignore_readdir_race",
]);

/** Parses find's expression; without an action it prints. */
export function* parseExpression(call: Call, walk: Walk, words: readonly string[]): Task<Test> {
  const parser = new Parser(call, walk, words);
  const test = words.length === 0 ? () => true : parser.list();
  parser.end();
  // Warnings are for people: only where stdin is a terminal.
  for (const warning of call.proc.isTerminal(0) ? parser.warnings : []) yield* call.warn(`warning: ${warning}`, 0);
  if (walk.acts) return test;
  return both(test, ({ path }) => {
    call.out.put(`${path}\n`);
    return true;
  });
}

class Parser {
  readonly warnings: string[] = [];
  private at = 0;
  private testSeen: string | undefined;
  private readonly call: Call;
  private readonly walk: Walk;
  private readonly words: readonly string[];

  constructor(call: Call, walk: Walk, words: readonly string[]) {
    this.call = call;
    this.walk = walk;
    this.words = words;
  }

  end(): void {
    const word = this.words[this.at];
    if (word === undefined) return;
    if (word === ")") throw new Fail("you have too many ')'");
    throw new Fail(`paths must precede expression: \`${word}'`);
  }

  list(): Test {
    let left = this.or();
    while (this.take(",")) {
      const [first, second] = [left, this.or()];
      left = (visit) => sequence(first, second, visit);
    }
    return left;
  }

  private take(...signs: string[]): boolean {
    if (!signs.includes(this.words[this.at] ?? "\0")) return false;
    this.at++;
    return true;
  }

  private or(): Test {
    let left = this.and();
    while (this.take("-o", "-or")) {
      if (this.at >= this.words.length)
        throw new Fail(
          `invalid expression; you have used a binary operator '${this.words[this.at - 1]}' with nothing after it.`,
        );
      left = either(left, this.and());
    }
    return left;
  }

  private and(): Test {
    let left = this.not();
    for (;;) {
      const word = this.words[this.at];
      if (word === undefined || word === ")" || word === "," || word === "-o" || word === "-or") return left;
      this.take("-a", "-and");
      left = both(left, this.not());
    }
  }

  private not(): Test {
    if (this.take("!", "-not")) {
      if (this.at >= this.words.length) throw new Fail(`expected an expression after '${this.words[this.at - 1]}'`);
      return negated(this.not());
    }
    if (this.take("(")) {
      if (this.words[this.at] === ")") throw new Fail("invalid expression; empty parentheses are not allowed.");
      if (this.at >= this.words.length)
        throw new Fail(
          "invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('",
        );
      const inner = this.list();
      if (!this.take(")"))
        throw new Fail("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      return inner;
    }
    return this.predicate();
  }

  private predicate(): Test {
    const name = this.words[this.at] ?? "";
    if (name === "-o" || name === "-or" || name === "-a" || name === "-and" || name === ",")
      throw new Fail(`invalid expression; you have used a binary operator '${name}' with nothing before it.`);
    if (!name.startsWith("-")) {
      const before = this.words[this.at - 2] ?? "";
      const hint =
        ["-name", "-iname", "-path"].includes(before) && this.call.files.find(this.call.path(name), this.call.who)
          ? `\nfind: possible unquoted pattern after predicate \`${before}'?`
          : "";
      throw new Fail(`paths must precede expression: \`${name}'${hint}`);
    }
    this.at++;
    const argument = () => {
      const word = this.words[this.at++];
      if (word === undefined) throw new Fail(`missing argument to \`${name}'`);
      return word;
    };
    if (globalOptions.has(name)) return this.option(name, argument);
    const made = makeTest(this.call, this.walk, name, argument);
    if (made) {
      this.testSeen ??= name;
      return made;
    }
    const action = makeAction(this.call, this.walk, name, { argument, command: () => this.command(name) });
    if (!action) throw new Fail(`unknown predicate \`${name}'`);
    this.testSeen ??= name;
    return action;
  }

  private option(name: string, argument: () => string): Test {
    if (this.testSeen !== undefined) {
      this.warnings.push(
        `you have specified the global option ${name} after the argument ${this.testSeen}, but global options are not positional, i.e., ${name} affects tests specified before it as well as those specified after it.  Please specify global options before other arguments.`,
      );
    }
    if (name === "-maxdepth" || name === "-mindepth") {
      const depth = argument();
      if (!/^\d+$/.test(depth))
        throw new Fail(`Expected a positive decimal integer argument to ${name}, but got ‘${depth}’`);
      if (name === "-maxdepth") this.walk.most = Number(depth);
      else this.walk.least = Number(depth);
    } else if (name === "-depth" || name === "-d") this.walk.depthFirst = true;
    return () => true;
  }

  /** The words of -exec up to ; or {} + */
  private command(name: string): { words: readonly string[]; many: boolean } {
    const words: string[] = [];
    for (;;) {
      const word = this.words[this.at++];
      if (word === undefined) throw new Fail(`missing argument to \`${name}'`);
      if (word === ";") break;
      if (word === "+" && words.at(-1) === "{}") {
        return { words: words.slice(0, -1), many: true };
      }
      words.push(word);
    }
    if (words.length === 0) throw new Fail(`invalid argument \`;' to \`${name}'`);
    return { words, many: false };
  }
}

function both(left: Test, right: Test): Test {
  return (visit) => {
    const first = left(visit);
    if (typeof first === "boolean") return first && right(visit);
    return then(first, (result) => result && right(visit));
  };
}

function either(left: Test, right: Test): Test {
  return (visit) => {
    const first = left(visit);
    if (typeof first === "boolean") return first || right(visit);
    return then(first, (result) => result || right(visit));
  };
}

function negated(test: Test): Test {
  return (visit) => {
    const result = test(visit);
    return typeof result === "boolean" ? !result : then(result, (value) => !value);
  };
}

function sequence(first: Test, second: Test, visit: Visit): boolean | Task<boolean> {
  const result = first(visit);
  return typeof result === "boolean" ? second(visit) : then(result, () => second(visit));
}

function* then(task: Task<boolean>, next: (result: boolean) => boolean | Task<boolean>): Task<boolean> {
  const result = next(yield* task);
  return typeof result === "boolean" ? result : yield* result;
}
