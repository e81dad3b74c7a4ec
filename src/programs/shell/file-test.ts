import { pathOf } from "../../machine/open-path.ts";
import { evaluate } from "./arithmetic/evaluate.ts";
import { element } from "./expand/value.ts";
import type { Shell } from "./shell.ts";
import { splitReference } from "./variable.ts";

/** Operators of `test` and `[[ ]]` with one operand. */
export const unaryOperators: ReadonlySet<string> = new Set(
  [..."abcdefghknoprstuvwxzGLNORS"].map((letter) => `-${letter}`),
);

/** Those with two that both know. */
export const binaryOperators: ReadonlySet<string> = new Set([
  "=",
  "==",
  "!=",
  "<",
  ">",
  "-eq",
  "-ne",
  "-lt",
  "-le",
  "-gt",
  "-ge",
  "-nt",
  "-ot",
  "-ef",
]);

export function unaryTest(shell: Shell, operator: string, text: string): boolean {
  switch (operator) {
    case "-z":
      return text === "";
    case "-n":
      return text !== "";
    case "-t":
      return /^\d+$/.test(text) && shell.proc.isTerminal(Number(text));
    case "-o":
      return shell.has(text);
    case "-v":
      return isSet(shell, text);
    case "-R":
      return shell.vars.all.get(text)?.nameref === true;
    default:
      return fileTest(shell, operator, text);
  }
}

function isSet(shell: Shell, text: string): boolean {
  if (/^\d+$/.test(text)) return text === "0" || shell.args[Number(text) - 1] !== undefined;
  const reference = splitReference(text);
  if (!reference) return false;
  const { name, subscript } = reference;
  const variable = shell.vars.find(name);
  if (subscript === undefined) return shell.vars.get(name) !== undefined;
  if (subscript === "@" || subscript === "*")
    return variable?.assoc
      ? variable.assoc.has(subscript)
      : (variable?.array?.size ?? 0) > 0 || variable?.value !== undefined;
  return element(shell, name, subscript.replace(/^(["'])(.*)\1$/s, "$2")) !== undefined;
}

function fileTest(shell: Shell, operator: string, name: string): boolean {
  const { proc } = shell;
  const { files } = proc.machine;
  if (name === "") return false;
  const path = pathOf(proc, name);
  const fd = /^\/dev\/(?:fd\/|std)(\d+|in|out|err)$/.exec(path)?.[1];
  if (fd !== undefined) return descriptorTest(shell, operator, fd);
  if (operator === "-h" || operator === "-L")
    return files.find(path, proc.credentials, { follow: false })?.kind === "link";
  const stat = files.find(path, proc.credentials);
  if (!stat) return false;
  switch (operator) {
    case "-a":
    case "-e":
      return true;
    case "-f":
      return stat.kind === "file";
    case "-d":
      return stat.kind === "directory";
    case "-c":
      return stat.kind === "device";
    case "-b":
      return false;
    case "-p":
      return stat.kind === "fifo";
    case "-S":
      return stat.kind === "socket";
    case "-s":
      return stat.size > 0;
    case "-g":
      return (stat.mode & 0o2000) !== 0;
    case "-u":
      return (stat.mode & 0o4000) !== 0;
    case "-k":
      return (stat.mode & 0o1000) !== 0;
    case "-O":
      return stat.uid === proc.credentials.uid;
    case "-G":
      return stat.gid === proc.credentials.gid;
    case "-N":
      return true;
    default:
      return files.may(path, operator.slice(1), proc.credentials);
  }
}

function descriptorTest(shell: Shell, operator: string, which: string): boolean {
  const fd = { in: 0, out: 1, err: 2 }[which] ?? Number(which);
  const file = shell.proc.fds.get(fd);
  if (!file) return false;
  if (operator === "-p") return file.kind === "pipe";
  if (operator === "-f") return file.kind === "file";
  if (operator === "-c") return file.kind === "terminal" || file.kind === "device";
  return "-e-a-r-w".includes(operator);
}

/** Comparisons of files and of numbers that are known to be numbers. */
export function compareFiles(shell: Shell, operator: string, left: string, right: string): boolean {
  const { proc } = shell;
  const find = (name: string) => proc.machine.files.find(pathOf(proc, name), proc.credentials);
  const [a, b] = [find(left), find(right)];
  if (operator === "-ef") return a !== undefined && b !== undefined && a.inode === b.inode;
  if (operator === "-nt") return a !== undefined && (b === undefined || a.modified > b.modified);
  return b !== undefined && (a === undefined || a.modified < b.modified);
}

export function compareNumbers(operator: string, a: bigint, b: bigint): boolean {
  switch (operator) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    default:
      return a >= b;
  }
}

/** In [[ ]] the operands of -eq and the like are arithmetic. */
export function arithmeticValue(shell: Shell, text: string): bigint {
  return evaluate(text, shell.scope);
}
