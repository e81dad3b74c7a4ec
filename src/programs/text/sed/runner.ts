import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, Fail } from "../define.ts";
import type { Pattern } from "../regex/define.ts";
import { type Input, LINE_LIMIT } from "../shared/input.ts";
import { Output } from "../shared/output.ts";
import type { Address, Command, Script } from "./ast.ts";
import { SedInput } from "./sed-input.ts";
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
  private readonly files = new Map<string, Output>();
  private readonly readers = new Map<string, Input | undefined>();
  private input: SedInput;
  private out: Output;
  private space = "";
  private hold = "";
  private terminated = true;
  private holdTerminated = true;
  private owesNewline = false;
  private lineNumber = 0;
  private replaced = false;
  private lastPattern: Pattern | undefined;
  private waiting: (() => Task)[] = [];
  private status = 0;

  constructor(call: Call, script: Script, quiet: boolean, separator: string) {
    this.call = call;
    this.script = script;
    this.quiet = quiet;
    this.separator = separator;
    this.out = call.out;
    this.input = new SedInput(call, [], separator);
  }

  /** Runs over one input; the state goes on to the next. Returns the status of q. */
  *run(input: SedInput, out: Output): Task<number> {
    this.input = input;
    this.out = out;
    this.openFiles();
    this.owesNewline = false;
    if (out !== this.call.out) this.lineNumber = 0;
    let restarted = false;
    for (;;) {
      if (!restarted && !(yield* this.nextLine())) break;
      this.replaced = false;
      const flow = yield* this.cycle();
      if (flow === "quit") return this.status;
      restarted = flow === "restart";
      if (!restarted) yield* this.endCycle(true);
      else yield* this.endCycle(false);
      if (this.out.full) yield* this.out.flush();
    }
    return 0;
  }

  *close(): Task {
    for (const file of this.files.values()) yield* file.flush();
  }

  private *nextLine(): Task<boolean> {
    const line = yield* this.input.line();
    if (!line) return false;
    this.space = line.text;
    this.terminated = line.terminated;
    this.lineNumber++;
    return true;
  }

  /** A last line without a newline is printed without one; whatever follows puts it there first. */
  private print(text: string): void {
    this.put(text + (this.terminated ? this.separator : ""));
    this.owesNewline = !this.terminated;
  }

  private put(text: string): void {
    if (this.owesNewline) this.out.put(this.separator);
    this.owesNewline = false;
    this.out.put(text);
  }

  private *endCycle(print: boolean): Task {
    if (print && !this.quiet && !this.deleted) this.print(this.space);
    this.deleted = false;
    if (this.waiting.length === 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const task of waiting) yield* task();
  }

  private deleted = false;

  private *cycle(): Task<Flow> {
    const { commands } = this.script;
    for (let at = 0; at < commands.length; ) {
      if (this.call.proc.tick()) yield undefined;
      const command = commands[at] as Command;
      if ((yield* this.selected(command)) === command.negated) {
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

  // ---- addresses

  private *selected(command: Command): Task<boolean> {
    const { from, to } = command;
    if (!from) return true;
    if (!to) return yield* this.matches(from);
    if (command.active) return yield* this.stillActive(command);
    const zero = from.type === "line" && from.line === 0;
    if (zero) {
      if (this.lineNumber !== 1) return false;
      command.active = true;
      return yield* this.stillActive(command);
    }
    if (!(yield* this.matches(from))) return false;
    if (to.type === "line") command.active = to.line > this.lineNumber;
    else if (to.type === "more") {
      command.lastLine = this.lineNumber + to.count;
      command.active = to.count > 0;
    } else if (to.type === "multiple") {
      command.lastLine = to.of > 0 ? (Math.floor(this.lineNumber / to.of) + 1) * to.of : this.lineNumber;
      command.active = command.lastLine > this.lineNumber;
    } else if (to.type === "last") command.active = !(yield* this.input.isLast());
    else command.active = true;
    return true;
  }

  private *stillActive(command: Command): Task<boolean> {
    const { to } = command;
    if (!to) return false;
    if (to.type === "line" || to.type === "more" || to.type === "multiple") {
      const last = to.type === "line" ? to.line : command.lastLine;
      command.active = this.lineNumber < last;
      // A range whose end has passed unseen covers no further line.
      return this.lineNumber <= last || (to.type === "line" && (yield* this.matches(command.from as Address)));
    }
    if (yield* this.matches(to)) command.active = false;
    return true;
  }

  private *matches(address: Address): Task<boolean> {
    switch (address.type) {
      case "line":
        return this.lineNumber === address.line;
      case "last":
        return yield* this.input.isLast();
      case "step":
        if (address.step === 0) return this.lineNumber === address.first;
        return this.lineNumber >= address.first && (this.lineNumber - address.first) % address.step === 0;
      case "pattern":
        return this.pattern(address.pattern).test(this.space);
    }
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
        return this.later(command);
      case "i":
        this.put(command.text);
        return "on";
      case "c":
        return yield* this.change(command);
      case "w":
      case "W":
        yield* this.write(command.text, command.name === "w" ? this.space : this.firstLine());
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
        this.put(this.firstLine() + this.separator);
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
        this.put(`${this.lineNumber}\n`);
        break;
      case "l":
        this.put(unambiguous(this.space, command.number ?? Number(this.call.value("l") ?? 70)));
        break;
      case "F":
        this.put(`${this.input.name}\n`);
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
    if (substitution.file !== undefined) yield* this.write(substitution.file, result);
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

  private later(command: Command): Flow {
    const { name, text } = command;
    if (name === "a")
      this.waiting.push(
        function* (this: Runner): Task {
          this.put(text);
        }.bind(this),
      );
    else if (name === "r") this.waiting.push(() => this.copyFile(text));
    else this.waiting.push(() => this.copyLine(text));
    return "on";
  }

  private *copyFile(name: string): Task {
    try {
      const fd = name === "/dev/stdin" ? 0 : openFd(this.call.proc, name, { read: true });
      for (let text = yield* this.call.proc.read(fd); text !== undefined; text = yield* this.call.proc.read(fd)) {
        this.put(text);
        if (this.out.full) yield* this.out.flush();
      }
      if (fd > 2) this.call.proc.close(fd);
    } catch (error) {
      // A file that cannot be read counts as empty.
      if (!(error instanceof Errno)) throw error;
    }
  }

  private *copyLine(name: string): Task {
    if (!this.readers.has(name)) {
      const exists = this.call.files.find(this.call.path(name), this.call.who) !== undefined;
      this.readers.set(name, exists ? this.call.open(name) : undefined);
    }
    const line = yield* this.readers.get(name)?.line() ?? none();
    if (line !== undefined) this.put(`${line}\n`);
  }

  private *change(command: Command): Task<Flow> {
    const inRange = command.to !== undefined && !command.negated;
    if (!inRange || !command.active) this.put(command.text);
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

  private *write(name: string, text: string): Task {
    if (name === "/dev/stdout") {
      this.call.out.put(text + this.separator);
      return;
    }
    const file = this.files.get(name) ?? this.openToWrite(name);
    file.put(text + this.separator);
    yield* file.flush();
  }

  private openToWrite(name: string): Output {
    try {
      const fd =
        name === "/dev/stderr" ? 2 : openFd(this.call.proc, name, { write: true, create: true, truncate: true });
      const file = new Output(this.call.proc, fd);
      this.files.set(name, file);
      return file;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`couldn't open file ${name}: ${error.message}`, 4);
    }
  }

  /** GNU sed makes the files of w before it reads a line. */
  private openFiles(): void {
    for (const { name, text, substitution } of this.script.commands) {
      const file = substitution?.file ?? ("wW".includes(name) ? text : undefined);
      if (file !== undefined && file !== "/dev/stdout" && !this.files.has(file)) this.openToWrite(file);
    }
  }
}

function* none(): Task<undefined> {
  return undefined;
}
