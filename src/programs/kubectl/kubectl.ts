import { FormatError } from "../../base/format-error.ts";
import type { Program, Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import {
  type Command,
  commandTree,
  findCommand,
  firstArgument,
  flagsOf,
  globalsOf,
  suggestions,
} from "./command-tree.ts";
import { completeLine } from "./complete-line.ts";
import { Context } from "./context.ts";
import type { Flags, Input, Verb } from "./define.ts";
import { dryRunOf } from "./dry-run.ts";
import { faultLog } from "./fault-log.ts";
import { faultText } from "./fault-text.ts";
import { CommandFault, HelpFault, NameFault, PlainFault, UsageFault } from "./faults.ts";
import { globalFlags, profileProblem } from "./global-flags.ts";
import { commandHelp, rootHelp, sections } from "./help.ts";
import { type ParsedFlags, parseFlags } from "./parse-flags.ts";
import { startPlugin } from "./plugin.ts";
import { groups, verbs } from "./verbs/index.ts";

/** kubectl: the cluster's command line, found and configured as on any host. */
export const kubectl: Program = {
  name: "kubectl",
  *run(proc, argv) {
    if (argv[0] === "__complete" || argv[0] === "__completeNoDesc")
      return yield* printCompletion(proc, argv.slice(1), argv[0] === "__complete");
    const line = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
    const { command, words } = findCommand(commands(), line);
    if (command.path.length === 0) return yield* runRoot(proc, words);
    return yield* runCommand(proc, command, words);
  },
  *complete(proc, words) {
    return yield* completeLine(proc, commands(), words.slice(1));
  },
};

let known: Command | undefined;

/** The tree of commands, in the order of the help. */
function commands(): Command {
  if (known) return known;
  const order = sections.flatMap(([, names]) => names);
  const rank = (path: readonly string[]) => {
    const at = order.indexOf(path[0] ?? "");
    return at < 0 ? order.length : at;
  };
  known = commandTree(
    verbs.toSorted((a, b) => rank(a.path) - rank(b.path)),
    groups,
  );
  return known;
}

/** kubectl alone, its help, and commands that it does not have: a plugin's, or mistyped. */
function* runRoot(proc: Process, words: readonly string[]): Task<number> {
  const context = contextOf(proc, "kubectl", undefined);
  try {
    const name = words[0];
    if (name !== undefined && !name.startsWith("-")) {
      const plugin = startPlugin(proc, words);
      if (plugin) return yield* proc.waitFor(plugin);
    }
    const unknown = firstArgument(words, flagsOf(undefined));
    if (unknown === 0) throw unknownCommand(name ?? "");
    if (unknown !== undefined) throw new PlainFault(`Error: flags cannot be placed before plugin name: ${name}`);
    readFlags(words, flagsOf(undefined), "kubectl");
    context.out.write(rootHelp(commands()));
    yield* context.output.flush();
    return 0;
  } catch (fault) {
    return yield* endWith(context, "kubectl", fault);
  }
}

function unknownCommand(name: string): CommandFault {
  const meant = suggestions(commands(), name);
  const hint = meant.length > 0 ? `\n\nDid you mean this?\n${meant.map((one) => `\t${one}\n`).join("")}` : "";
  return new CommandFault(`unknown command ${JSON.stringify(name)} for "kubectl"${hint}`);
}

function* runCommand(proc: Process, command: Command, words: readonly string[]): Task<number> {
  const name = `kubectl ${command.path.join(" ")}`;
  const { verb } = command;
  let context = contextOf(proc, name, undefined);
  try {
    const parsed = readFlags(words, flagsOf(verb), name, verb);
    context = contextOf(proc, name, withoutOwn(parsed, verb));
    for (const text of parsed.advice) context.err.line(text);
    if (verb && !parsed.help) return yield* runVerb(context, verb, inputOf(parsed));
    let status = 0;
    if (parsed.help) context.out.write(commandHelp(command));
    else status = showGroup(context, command, parsed.args);
    yield* context.output.flush();
    return status;
  } catch (fault) {
    if (fault instanceof HelpFault) context.out.write(commandHelp(command));
    return yield* endWith(context, name, fault);
  }
}

/** A group alone shows its help and, as a rule, fails (cmdutil.DefaultSubCommandRun, 1.33). */
function showGroup({ out, err }: Context, command: Command, unknown: readonly string[]): number {
  const { on, status, anyWords } = { on: "err", status: 1, anyWords: false, ...command.group?.alone };
  if (unknown.length > 0 && !anyWords) throw new UsageFault(`unknown command ${JSON.stringify(unknown.join(" "))}`);
  (on === "out" ? out : err).write(commandHelp(command));
  return status;
}

function* runVerb(context: Context, verb: Verb, input: Input): Task<number> {
  const wrongProfile = profileProblem(context.globals.profile);
  if (wrongProfile) throw new CommandFault(wrongProfile);
  const missing = (verb.required ?? []).filter((flag) => !input.given.has(flag));
  if (missing.length > 0)
    throw new CommandFault(`required flag(s) ${missing.map((flag) => `"${flag}"`).join(", ")} not set`);
  const wrong = verb.check?.(input);
  if (!(wrong instanceof Error)) context.checkConfig(verb.config);
  // Most of what is wrong with a command line is told after --dry-run was read.
  const dryRun = verb.flags?.["dry-run"] ? input.flags["dry-run"] : undefined;
  if (typeof dryRun === "string" && !(wrong instanceof NameFault)) dryRunOf(context, dryRun);
  if (typeof wrong === "string") throw new CommandFault(wrong);
  if (wrong) throw wrong;
  const status = yield* verb.run(context, input);
  if (context.cutShort) throw new CommandFault("context deadline exceeded");
  const { warnings } = context;
  if (context.globals["warnings-as-errors"] && warnings > 0 && !status)
    throw new CommandFault(`${warnings} warning${warnings > 1 ? "s" : ""} received`);
  yield* context.output.flush();
  return status ?? 0;
}

function readFlags(words: readonly string[], flags: Flags, name: string, verb?: Verb): ParsedFlags {
  try {
    return parseFlags(words, flags);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw verb?.flagFault?.(problem.message) ?? new CommandFault(`${problem.message}\nSee '${name} --help' for usage.`);
  }
}

/** A verb's own flag hides the global one of its name: create clusterrolebinding --user names a subject. */
function withoutOwn(parsed: ParsedFlags, verb: Verb | undefined): ParsedFlags {
  const own = Object.keys(verb?.flags ?? {}).filter((name) => name in globalFlags);
  if (own.length === 0) return parsed;
  const { values } = parseFlags([], flagsOf(undefined));
  const hidden = Object.fromEntries(own.map((name) => [name, values[name]]));
  const given = new Set([...parsed.given].filter((name) => !own.includes(name)));
  return { ...parsed, values: { ...parsed.values, ...hidden }, given };
}

/** A context with the global flags of a line; their defaults where it has not been read. */
function contextOf(proc: Process, name: string, parsed: ParsedFlags | undefined, verb?: Verb): Context {
  const { values, given } = globalsOf(verb, parsed ?? parseFlags([], globalFlags));
  const line = parsed ? [name, ...parsed.args, ...parsed.spelled].join(" ") : name;
  return new Context(proc, name, values, given, line);
}

function inputOf({ values, given, args, dash }: ParsedFlags): Input {
  return { flags: values, given, args, dash };
}

/** Says a fault and gives its exit status; what is no fault is a bug and goes on. */
function* endWith(context: Context, name: string, fault: unknown): Task<number> {
  const told =
    fault instanceof HelpFault
      ? {
          stderr: fault.message === "" ? "" : `error: ${fault.message}\n`,
          status: fault.message === "" ? 0 : 1,
          stdout: undefined,
        }
      : fault instanceof UsageFault
        ? { stderr: `error: ${fault.message}\nSee '${name} -h' for help and examples\n`, status: 1, stdout: undefined }
        : faultText(fault);
  if (!told) throw fault;
  if (told.stdout) context.out.write(told.stdout);
  if (context.globals.v >= 4) for (const line of faultLog(context.proc, fault)) context.err.line(line);
  context.err.write(told.stderr);
  yield* context.output.flush();
  return told.status;
}

function* printCompletion(proc: Process, words: readonly string[], withTexts: boolean): Task<number> {
  const context = contextOf(proc, "kubectl __complete", undefined);
  const { out, err } = context;
  if (words.length === 0)
    return yield* endWith(
      context,
      "kubectl __complete",
      new CommandFault("requires at least 1 arg(s), only received 0"),
    );
  const { words: found, about, files, noSpace, fault } = yield* completeLine(proc, commands(), words);
  const extensions = Array.isArray(files) ? files : [];
  for (const word of [...found, ...extensions]) {
    const text = withTexts ? about.get(word) : undefined;
    out.line(text ? `${word}\t${text}` : word);
  }
  // ShellCompDirective of cobra 1.8: what the shell is to do with the words.
  const directives = [
    ...(noSpace ? [[2, "ShellCompDirectiveNoSpace"] as const] : []),
    ...(files ? [] : [[4, "ShellCompDirectiveNoFileComp"] as const]),
    ...(extensions.length > 0 ? [[8, "ShellCompDirectiveFilterFileExt"] as const] : []),
  ];
  out.line(`:${directives.reduce((sum, [bit]) => sum + bit, 0)}`);
  if (fault) err.line(`[Debug] [Error] ${fault}`);
  err.line(
    `Completion ended with directive: ${directives.map(([, name]) => name).join(", ") || "ShellCompDirectiveDefault"}`,
  );
  yield* context.output.flush();
  return 0;
}
