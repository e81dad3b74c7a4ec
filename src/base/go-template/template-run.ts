import type { GoFunction, GoValue } from "../go-value.ts";
import { byteLength } from "../text-bytes.ts";
import {
  type Command,
  type NamedTemplate,
  nodeText,
  type Operand,
  TemplateError,
  type TemplateNode,
} from "./template-node.ts";

/** The functions of a template, by name. */
export type FunctionTable = Readonly<Record<string, GoFunction>>;

/** A value, and whether Go holds it in an interface: messages name the type "interface {}" then. */
export interface Slot {
  readonly value: GoValue;
  readonly boxed: boolean;
}

export interface Variable {
  readonly name: string;
  slot: Slot;
}

/** Where a template stands while it runs. */
export interface Run {
  readonly functions: FunctionTable;
  readonly templates: ReadonlyMap<string, NamedTemplate>;
  /** `missingkey=error`: a missing key is an error instead of `<no value>`. */
  readonly strict: boolean;
  readonly out: string[];
  readonly template: NamedTemplate;
  readonly depth: number;
  variables: Variable[];
  /** The node that messages name. */
  node: TemplateNode | Operand | Command | undefined;
}

/** A function that refuses its arguments; the message follows `error calling <name>: `. */
export class FunctionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FunctionError";
  }
}

/** The error for the node at which the template stands. */
export function runError(run: Run, message: string): TemplateError {
  const { name, source, sourceName } = run.template;
  if (!run.node) return new TemplateError(`template: ${name}: ${message}`);
  const before = source.slice(0, run.node.at);
  const line = before.split("\n").length;
  const column = byteLength(before.slice(before.lastIndexOf("\n") + 1));
  const where = `${sourceName}:${line}:${column}`;
  return new TemplateError(
    `template: ${where}: executing ${JSON.stringify(name)} at <${nodeText(run.node)}>: ${message}`,
  );
}
