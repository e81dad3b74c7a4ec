import type { GoNumber } from "../go-value.ts";

/** What a template is made of; `at` is where the node begins, for messages. */
export type TemplateNode =
  | { readonly type: "text"; readonly at: number; readonly text: string }
  | { readonly type: "action"; readonly at: number; readonly pipe: Pipeline }
  | { readonly type: "branch"; readonly at: number; readonly word: "if" | "with" | "range"; readonly branch: Branch }
  | { readonly type: "template"; readonly at: number; readonly name: string; readonly pipe: Pipeline | undefined }
  | { readonly type: "break" | "continue"; readonly at: number };

/** The parts of `if`, `with` and `range`. */
export interface Branch {
  readonly pipe: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[] | undefined;
}

/** Commands joined by `|`, and the variables that take the result. */
export interface Pipeline {
  readonly type: "pipeline";
  readonly at: number;
  readonly variables: readonly string[];
  /** `=` to a variable that is there, instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A function with its arguments, or one operand. */
export interface Command {
  readonly type: "command";
  readonly at: number;
  readonly operands: readonly [Operand, ...Operand[]];
}

export type Operand =
  | { readonly type: "identifier"; readonly at: number; readonly name: string }
  | { readonly type: "field"; readonly at: number; readonly names: readonly string[] }
  | { readonly type: "variable"; readonly at: number; readonly name: string; readonly names: readonly string[] }
  | { readonly type: "chain"; readonly at: number; readonly of: Operand; readonly names: readonly string[] }
  | { readonly type: "dot" | "nil"; readonly at: number }
  | { readonly type: "bool"; readonly at: number; readonly value: boolean }
  | { readonly type: "number"; readonly at: number; readonly text: string; readonly value: GoNumber }
  | { readonly type: "string"; readonly at: number; readonly text: string; readonly value: string }
  | Pipeline;

/** A named template: the main one, or one of `define` and `block`. */
export interface NamedTemplate {
  readonly name: string;
  readonly body: readonly TemplateNode[];
  /** The text it stands in and that text's name, for messages. */
  readonly source: string;
  readonly sourceName: string;
}

/** A template that cannot be read or fails while it runs; the message is Go's. */
export class TemplateError extends Error {
  /** What had been printed before the failure. */
  readonly printed: string;

  constructor(message: string, printed = "") {
    super(message);
    this.name = "TemplateError";
    this.printed = printed;
  }
}

type Described = Operand | Command | TemplateNode;

/** A node as its template text, as messages show it. */
export function nodeText(node: Described): string {
  switch (node.type) {
    case "identifier":
      return node.name;
    case "field":
      return fieldText(node.names);
    case "variable":
      return node.name + fieldText(node.names);
    case "chain":
      return (node.of.type === "pipeline" ? `(${nodeText(node.of)})` : nodeText(node.of)) + fieldText(node.names);
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "number":
    case "string":
      return node.text;
    case "pipeline":
      return pipelineText(node);
    case "command":
      return node.operands.map((one) => (one.type === "pipeline" ? `(${nodeText(one)})` : nodeText(one))).join(" ");
    case "text":
      return node.text;
    case "action":
      return `{{${nodeText(node.pipe)}}}`;
    case "template":
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ""}}}`;
    case "branch":
      return `{{${node.word} ${nodeText(node.branch.pipe)}}}`;
    default:
      return `{{${node.type}}}`;
  }
}

function fieldText(names: readonly string[]): string {
  return names.map((name) => `.${name}`).join("");
}

function pipelineText(pipe: Pipeline): string {
  const commands = pipe.commands.map(nodeText).join(" | ");
  return pipe.variables.length === 0
    ? commands
    : `${pipe.variables.join(", ")} ${pipe.assigns ? "=" : ":="} ${commands}`;
}
