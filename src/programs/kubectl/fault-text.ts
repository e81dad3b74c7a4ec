import { FormatError } from "../../base/format-error.ts";
import { TemplateError } from "../../base/go-template/template-node.ts";
import { JsonPathError } from "../../base/jsonpath/jsonpath-node.ts";
import { PatchError } from "../../base/patch/patch-error.ts";
import { Status } from "../../kinds/status.ts";
import { Errno } from "../../machine/define.ts";
import { CommandFault, ConfigFault, Failures, PlainFault, Unanswered } from "./faults.ts";

/** What a fault looks like when a command ends with it. */
export interface FaultText {
  readonly stderr: string;
  /** What a failing template had printed. */
  readonly stdout?: string;
  readonly status: number;
}

/** The text and exit status of a fault (cmdutil.CheckErr, 1.35); undefined for what is no fault but a bug. */
export function faultText(fault: unknown): FaultText | undefined {
  if (!(fault instanceof Error)) return undefined;
  if (fault instanceof PlainFault) return { stderr: ended(fault.message), status: fault.status };
  if (fault instanceof Failures) {
    return { stderr: fault.faults.map((one) => `${partText(one)}\n`).join(""), status: 1 };
  }
  if (fault instanceof Status && fault.reason === "Invalid") return { stderr: ended(invalidText(fault)), status: 1 };
  if (fault instanceof ConfigFault) return { stderr: manyLines("Error in configuration: ", fault.problems), status: 1 };
  const standard = standardText(fault);
  if (standard !== undefined) return { stderr: ended(standard), status: 1 };
  const known = [CommandFault, FormatError, JsonPathError, TemplateError, PatchError, Errno];
  if (!known.some((type) => fault instanceof type)) return undefined;
  const message = wordsOf(fault);
  return {
    stderr: ended(message.startsWith("error: ") ? message : `error: ${message}`),
    ...(fault instanceof TemplateError ? { stdout: fault.printed } : {}),
    status: fault instanceof CommandFault ? fault.status : 1,
  };
}

/** What a fault is called inside another text: with `Error from server` where it came from there. */
export function partText(fault: Error): string {
  return standardText(fault) ?? wordsOf(fault);
}

function wordsOf(fault: Error): string {
  return fault instanceof Errno && fault.path !== undefined
    ? `open ${fault.path}: ${fault.message.toLowerCase()}`
    : fault.message;
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** What the server or the way to it had to say (cmdutil.StandardErrorMessage). */
function standardText(fault: Error): string | undefined {
  if (fault instanceof Status) {
    if (fault.code === 401) return `error: You must be logged in to the server (${fault.message})`;
    const reason = fault.reason === "" ? "" : ` (${fault.reason})`;
    return `Error from server${reason}: ${fault.message}`;
  }
  if (!(fault instanceof Unanswered)) return undefined;
  return fault.refused
    ? `The connection to the server ${fault.host} was refused - did you specify the right host or port?`
    : `Unable to connect to the server: ${fault.message}`;
}

function invalidText({ message, details }: Status): string {
  const { kind = "", name = "", causes = [] } = details ?? {};
  const about =
    kind !== "" || name !== "" ? `The ${kind} ${JSON.stringify(name)} is invalid` : "The request is invalid";
  if (causes.length === 0) return kind === "" && name === "" && message !== "" ? `${about}: ${message}` : about;
  const lines = new Set(causes.map(({ field = "", message: why = "" }) => `${field}: ${why}`));
  return manyLines(`${about}: `, [...lines]);
}

function manyLines(head: string, lines: readonly string[]): string {
  if (lines.length === 1) return `${head}${lines[0]}\n`;
  return `${head}\n${lines.map((line) => `* ${line}\n`).join("")}`;
}

/** A fault of one object, after which the others still have their turn. */
export function isOrdinary(fault: unknown): fault is Error {
  return !(fault instanceof Unanswered) && faultText(fault) !== undefined;
}
