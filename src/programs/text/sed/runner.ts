import type { Task } from "../../../machine/define.ts";
import { type Call, Fail } from "../define.ts";
import type { Pattern } from "../regex/define.ts";
import { LINE_LIMIT } from "../shared/input.ts";
import type { Output } from "../shared/output.ts";
import type { Command, Script } from "./ast.ts";
import { Printed } from "./printed.ts";
import { SedInput } from "./sed-input.ts";
import { type At, selected } from "./selection.ts";
import { SideFiles } from "./side-files.ts";
import { substitute } from "./substitute.ts";
import { unambiguous } from "./unambiguous.ts";

/** How a cycle goes on: with the next command, or at its end. */
type Flow = "on" | "end" | "restart" | "quit" | number;

/** Runs a script over its input: pattern space, hold space, and what waits to be printed at the end of a cycle. */
export class Runner {
  quit = false;
  private readonly call: Call;
  private readonly script: Script;
  private readonly quiet: boolean;
  private readonly separator: string;
  readonly side: SideFiles;
  private readonly at: At;
  private input: SedInput;
  private printed: Printed;
  private space = "";
  private hold = "";
  private terminated = true;
  private holdTerminated = true;
  private lineNumber = 0;
  private replaced = false;
  private deleted = false;
  private lastPattern: Pattern | undefined;
  private waiting: Command[] = [];
  private status = 0;

  constructor(call: Call, script: Script, quiet: boolean, separator: string) {
    this.call = call;
    this.script = script;
    this.quiet = quiet;
    this.separator = separator;
    this.side = new SideFiles(call, separator);
    this.printed = new Printed(call.out, separator);
    this.input = new SedInput(call, [], separator);
    this.at = this.place();
  }

  private place(): At {
    const runner = this;
    return {
      get line() {
        return runner.lineNumber;
      },
      isLast: () => runner.input.isLast(),
      test: (pattern) => runner.pattern(pattern).test(runner.space),
    };
  }

  /** Runs over one input; the state goes on to the next. Returns the status of q. */
  *run(input: SedInput, out: Output): Task<number> {
    this.input = input;
    this.printed = new Printed(out, this.separator);
    this.side.open(this.script);
    if (out !== this.call.out || this.call.has("s")) this.lineNumber = 0;
    let restarted = false;
    for (;;) {
      if (!restarted && !(yield* this.nextLine())) break;
      this.replaced = false;
      const flow = yield* this.cycle();
      if (flow === "quit") return this.status;
      restarted = flow === "restart";
      yield* this.endCycle(!restarted);
      yield* this.printed.settle();
    }
    return 0;
  }

  private *nextLine(): Task<boolean> {
    const line = yield* this.input.line();
    if (!line) return false;
    this.space = line.text;
    this.terminated = line.terminated;
    this.lineNumber++;
    return true;
  }

  private print(text: string): void {
    this.printed.print(text, this.terminated);
  }

  private *endCycle(print: boolean): Task {
    if (print && !this.quiet && !this.deleted) this.print(this.space);
    this.deleted = false;
    if (this.waiting.length === 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const command of waiting) yield* this.late(command);
  }

  private *cycle(): Task<Flow> {
    const { commands } = this.script;
    for (let at = 0; at < commands.length; ) {
      if (this.call.proc.tick()) yield undefined;
      const command = commands[at] as Command;
      if ((yield* selected(command, this.at)) === command.negated) {
        at = command.name === "{" ? command.end : at + 1;
        continue;
      }
      const flow = yield* this.carryOut(command);
      if (flow === "on") at++;
      else if (typeof flow === "number") at = flow;
      else return flow;
    }
    return "end";
  }

  private pattern(given: Pattern | undefined): Pattern {
    const pattern = given ?? this.lastPattern;
    if (!pattern) throw new Fail("no previous regular expression");
    this.lastPattern = pattern;
    return pattern;
  }

  // ---- commands

  private *carryOut(command: Command): Task<Flow> {
    switch (command.name) {
      case "{":
        return "on";
      case "s":
        return yield* this.replace(command);
      case "n":
      case "N":
        return yield* this.next(command.name === "N");
      case "a":
      case "r":
      case "R":
        this.waiting.push(command);
        return "on";
      case "i":
        this.printed.put(command.text);
        return "on";
      case "c":
        return yield* this.change(command);
      case "w":
      case "W":
        yield* this.side.write(command.text, command.name === "w" ? this.space : this.firstLine());
        return "on";
      case "q":
      case "Q":
        return yield* this.leave(command);
      case "b":
        return this.jump(command.text);
      case "t":
      case "T":
        return this.jumpIf(command);
      default:
        return this.simple(command);
    }
  }

  private simple(command: Command): Flow {
    switch (command.name) {
      case "d":
        this.deleted = true;
        return "end";
      case "D":
        return this.deleteFirst();
      case "p":
        this.print(this.space);
        break;
      case "P":
        this.printed.put(this.firstLine() + this.separator);
        break;
      case "h":
        this.hold = this.space;
        this.holdTerminated = this.terminated;
        break;
      case "H":
        this.hold = this.join(this.hold, this.space);
        this.holdTerminated = this.terminated;
        break;
      case "g":
        this.space = this.hold;
        this.terminated = this.holdTerminated;
        break;
      case "G":
        this.space = this.join(this.space, this.hold);
        this.terminated = this.holdTerminated;
        break;
      case "x":
        [this.space, this.hold] = [this.hold, this.space];
        [this.terminated, this.holdTerminated] = [this.holdTerminated, this.terminated];
        break;
      case "y":
        this.space = [...this.space].map((character) => command.characters?.get(character) ?? character).join("");
        break;
      case "=":
        this.printed.put(`${this.lineNumber}\n`);
        break;
      case "l":
        this.printed.put(unambiguous(this.space, command.number ?? Number(this.call.value("l") ?? 70)));
        break;
      case "F":
        this.printed.put(`${this.input.name}\n`);
        break;
      case "z":
        this.space = "";
        break;
    }
    return "on";
  }

  private join(a: string, b: string): string {
    if (a.length + b.length > LINE_LIMIT) throw new Fail("couldn't re-allocate memory", 4);
    return `${a}\n${b}`;
  }

  private firstLine(): string {
    const end = this.space.indexOf("\n");
    return end < 0 ? this.space : this.space.slice(0, end);
  }

  private deleteFirst(): Flow {
    const end = this.space.indexOf("\n");
    this.deleted = true;
    if (end < 0) return "end";
    this.space = this.space.slice(end + 1);
    return "restart";
  }

  private *replace(command: Command): Task<Flow> {
    const { substitution } = command;
    if (!substitution) return "on";
    const result = substitute(this.space, this.pattern(substitution.pattern), substitution);
    if (result === undefined) return "on";
    this.space = result;
    this.replaced = true;
    if (substitution.print) this.print(result);
    if (substitution.file !== undefined) yield* this.side.write(substitution.file, result);
    return "on";
  }

  /** n prints and takes the next line; N adds it. Without one GNU sed prints the pattern space and ends. */
  private *next(append: boolean): Task<Flow> {
    if (yield* this.input.isLast()) {
      if (!this.quiet) this.print(this.space);
      yield* this.endCycle(false);
      this.quit = true;
      return "quit";
    }
    const before = this.space;
    if (!append && !this.quiet) this.print(before);
    yield* this.endCycle(false);
    yield* this.nextLine();
    if (append) this.space = this.join(before, this.space);
    return "on";
  }

  /** What a, r and R asked for, once the pattern space is printed. */
  private *late({ name, text }: Command): Task {
    if (name === "a") this.printed.put(text);
    else if (name === "r") yield* this.side.copyFile(text, (part) => this.putSoon(part));
    else {
      const line = yield* this.side.copyLine(text);
      if (line !== undefined) this.printed.put(`${line}\n`);
    }
  }

  private *putSoon(text: string): Task {
    this.printed.put(text);
    yield* this.printed.settle();
  }

  private *change(command: Command): Task<Flow> {
    const inRange = command.to !== undefined && !command.negated;
    if (!inRange || !command.active) this.printed.put(command.text);
    this.deleted = true;
    return "end";
  }

  private *leave(command: Command): Task<Flow> {
    this.status = command.number ?? 0;
    this.quit = true;
    if (command.name === "q") yield* this.endCycle(true);
    return "quit";
  }

  private jump(label: string): Flow {
    return label === "" ? "end" : (this.script.labels.get(label) ?? "end");
  }

  private jumpIf(command: Command): Flow {
    const { replaced } = this;
    this.replaced = false;
    return replaced === (command.name === "t") ? this.jump(command.text) : "on";
  }
}
