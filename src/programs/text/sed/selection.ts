import type { Task } from "../../../machine/define.ts";
import type { Pattern } from "../regex/define.ts";
import type { Address, Command } from "./ast.ts";

/** Where a script is in its input. */
export interface At {
  readonly line: number;
  isLast(): Task<boolean>;
  /** Whether the pattern space matches. */
  test(pattern: Pattern | undefined): boolean;
}

/** Decides by its addresses whether a command applies; a range keeps in the command whether it is open. */
export function* selected(command: Command, at: At): Task<boolean> {
  const { from, to } = command;
  if (!from) return true;
  if (!to) return yield* matches(from, at);
  if (command.active) return yield* stillActive(command, at);
  const zero = from.type === "line" && from.line === 0;
  if (zero) {
    if (at.line !== 1) return false;
    command.active = true;
    return yield* stillActive(command, at);
  }
  if (!(yield* matches(from, at))) return false;
  if (to.type === "line") command.active = to.line > at.line;
  else if (to.type === "more") {
    command.lastLine = at.line + to.count;
    command.active = to.count > 0;
  } else if (to.type === "multiple") {
    command.lastLine = to.of > 0 ? (Math.floor(at.line / to.of) + 1) * to.of : at.line;
    command.active = command.lastLine > at.line;
  } else if (to.type === "last") command.active = !(yield* at.isLast());
  else command.active = true;
  return true;
}

function* stillActive(command: Command, at: At): Task<boolean> {
  const { to } = command;
  if (!to) return false;
  if (to.type === "line" || to.type === "more" || to.type === "multiple") {
    const last = to.type === "line" ? to.line : command.lastLine;
    command.active = at.line < last;
    // A range whose end has passed unseen covers no further line.
    return at.line <= last || (to.type === "line" && (yield* matches(command.from as Address, at)));
  }
  if (yield* matches(to, at)) command.active = false;
  return true;
}

function* matches(address: Address, at: At): Task<boolean> {
  switch (address.type) {
    case "line":
      return at.line === address.line;
    case "last":
      return yield* at.isLast();
    case "step":
      if (address.step === 0) return at.line === address.first;
      return at.line >= address.first && (at.line - address.first) % address.step === 0;
    case "pattern":
      return at.test(address.pattern);
  }
}
