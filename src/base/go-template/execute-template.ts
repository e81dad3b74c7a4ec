import { goText } from "../go-format.ts";
import { goQuote } from "../go-text.ts";
import { GoFunction, GoNumber, type GoValue, goTruth, isGoList, isGoMap, numberOf } from "../go-value.ts";
import { compareText } from "../json.ts";
import { builtins } from "./builtin-functions.ts";
import { evaluatePipeline, setVariable } from "./evaluate-operand.ts";
import { parseTemplate } from "./parse-template.ts";
import {
  type Branch,
  type NamedTemplate,
  nodeText,
  type Pipeline,
  TemplateError,
  type TemplateNode,
} from "./template-node.ts";
import { type FunctionTable, type Run, runError, type Slot } from "./template-run.ts";

export interface TemplateOptions {
  /** A missing key of a map is an error (`missingkey=error`) instead of `<no value>`. */
  readonly strict?: boolean;
}

/** Go's limit of templates that call templates (text/template, 1.24), lowered to what our own stack carries. */
const deepest = 1000;

/** Go templates that know each other, as the files of a chart do. */
export class TemplateSet {
  private readonly functions: FunctionTable;
  private readonly templates = new Map<string, NamedTemplate>();

  constructor(functions: FunctionTable = {}) {
    this.functions = { ...builtins, ...functions };
  }

  /** Adds a text and all it defines; a later definition replaces an earlier one unless it is empty. */
  add(name: string, text: string): void {
    const added = parseTemplate(name, text, (one) => Object.hasOwn(this.functions, one));
    for (const [key, template] of added) {
      const isEmpty = template.body.every((node) => node.type === "text" && node.text.trim() === "");
      if (!isEmpty || !this.templates.has(key)) this.templates.set(key, template);
    }
  }

  has(name: string): boolean {
    return this.templates.has(name);
  }

  /** Runs a template. A TemplateError holds what had been printed before it. */
  execute(name: string, data: GoValue, options: TemplateOptions = {}): string {
    const template = this.templates.get(name);
    if (!template)
      throw new TemplateError(`template: no template ${goQuote(name)} associated with template ${goQuote(name)}`);
    const dot: Slot = { value: data, boxed: false };
    const run: Run = {
      functions: this.functions,
      templates: this.templates,
      strict: options.strict ?? false,
      out: [],
      template,
      depth: 0,
      variables: [{ name: "$", slot: dot }],
      node: undefined,
    };
    try {
      runNodes(run, dot, template.body);
    } catch (problem) {
      if (problem instanceof TemplateError) throw new TemplateError(problem.message, run.out.join(""));
      throw problem;
    }
    return run.out.join("");
  }
}

/** How a list of nodes ended: at its end, or by a jump out of the innermost range. */
type Ended = undefined | "break" | "continue";

function runNodes(run: Run, dot: Slot, nodes: readonly TemplateNode[]): Ended {
  for (const node of nodes) {
    const ended = runNode(run, dot, node);
    if (ended) return ended;
  }
  return undefined;
}

function runNode(run: Run, dot: Slot, node: TemplateNode): Ended {
  run.node = node;
  switch (node.type) {
    case "text":
      run.out.push(node.text);
      return undefined;
    case "action": {
      const value = evaluatePipeline(run, dot, node.pipe);
      if (node.pipe.variables.length === 0) print(run, node, value);
      return undefined;
    }
    case "branch":
      return scoped(run, () => (node.word === "range" ? runRange(run, dot, node.branch) : runChoice(run, dot, node)));
    case "template":
      runTemplate(run, dot, node.name, node.pipe);
      return undefined;
    default:
      return node.type;
  }
}

function print(run: Run, node: TemplateNode, value: GoValue): void {
  run.node = node;
  if (value instanceof GoFunction) throw runError(run, `can't print ${nodeText(node)} of type func()`);
  run.out.push(value === undefined ? "<no value>" : goText(value));
}

/** What is declared inside is forgotten afterwards. */
function scoped<T>(run: Run, body: () => T): T {
  const count = run.variables.length;
  try {
    return body();
  } finally {
    run.variables.length = count;
  }
}

function runChoice(run: Run, dot: Slot, { word, branch }: Extract<TemplateNode, { type: "branch" }>): Ended {
  const value = evaluatePipeline(run, dot, branch.pipe);
  if (goTruth(value)) return runNodes(run, word === "with" ? { value, boxed: false } : dot, branch.body);
  return branch.otherwise ? runNodes(run, dot, branch.otherwise) : undefined;
}

function runRange(run: Run, dot: Slot, branch: Branch): Ended {
  const value = evaluatePipeline(run, dot, branch.pipe);
  let some = false;
  for (const [index, item] of itemsOf(run, value, branch.pipe)) {
    some = true;
    const ended = scoped(run, () => runIteration(run, branch, index, item));
    if (ended === "break") return undefined;
  }
  return !some && branch.otherwise ? runNodes(run, dot, branch.otherwise) : undefined;
}

function runIteration(run: Run, { pipe, body }: Branch, index: GoValue, item: Slot): Ended {
  const [first, second] = pipe.variables;
  const at: Slot = { value: index, boxed: false };
  if (first !== undefined) {
    const values: readonly [string, Slot][] =
      second === undefined
        ? [[first, item]]
        : [
            [first, at],
            [second, item],
          ];
    for (const [name, slot] of values) {
      if (pipe.assigns) setVariable(run, name, slot);
      else run.variables.push({ name, slot });
    }
  }
  return runNodes(run, item, body);
}

function* itemsOf(run: Run, value: GoValue, pipe: Pipeline): Generator<[index: GoValue, item: Slot]> {
  if (value === undefined || value === null) return;
  const number = numberOf(value);
  if (isGoList(value)) {
    for (let i = 0; i < value.length; i++) yield [new GoNumber("int", i), { value: value[i], boxed: true }];
  } else if (number && number.type !== "float64") {
    if (pipe.variables.length > 1) {
      throw runError(run, `can't use ${goText(value)} to iterate over more than one variable`);
    }
    for (let i = 0; i < number.value; i++) yield [undefined, { value: new GoNumber(number.type, i), boxed: false }];
  } else if (isGoMap(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined);
    for (const key of keys.sort(compareText)) yield [key, { value: value[key], boxed: true }];
  } else throw runError(run, `range can't iterate over ${goText(value)}`);
}

function runTemplate(run: Run, dot: Slot, name: string, pipe: Pipeline | undefined): void {
  const template = run.templates.get(name);
  if (!template) throw runError(run, `template ${goQuote(name)} not defined`);
  if (run.depth === deepest) throw runError(run, `exceeded maximum template depth (${deepest})`);
  const value = pipe ? evaluatePipeline(run, dot, pipe) : undefined;
  const inner: Slot = { value, boxed: false };
  const called: Run = {
    ...run,
    template,
    depth: run.depth + 1,
    variables: [{ name: "$", slot: inner }],
    node: undefined,
  };
  runNodes(called, inner, template.body);
}
