import type { Task } from "../../../machine/define.ts";
import { indexOf } from "../arithmetic-scope.ts";
import type { ExpandedElement } from "../define.ts";
import { expandText, expandWords } from "../expand/expand.ts";
import { fillArray } from "../fill-array.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { Assignment, Element, Word } from "../syntax/ast.ts";

/** Carries out `name=value`, `name[i]=value`, `name=(…)` and their appending forms; `tell` is called with the value before. */
export function* assign(shell: Shell, one: Assignment, tell?: (value: string) => Task): Task {
  if (isList(one.value)) {
    const elements = yield* expandElements(shell, one.value, shell.vars.find(one.name)?.assoc !== undefined);
    if (one.subscript) throw new Problem(`${one.name}[${one.subscript.text}]: cannot assign list to array member`);
    if (tell) yield* tell(`(${one.value.map((element) => element.value.text).join(" ")})`);
    fillArray(shell, shell.vars.target(one.name), elements, one.append);
    return;
  }
  const value = yield* expandText(shell, one.value, "assignment");
  const subscript = one.subscript && (yield* expandText(shell, one.subscript, "none"));
  if (tell) yield* tell(value);
  if (subscript !== undefined) assignElement(shell, one.name, subscript, value, one.append);
  else assignText(shell, one.name, value, one.append);
}

export function isList(value: Word | readonly Element[]): value is readonly Element[] {
  return Array.isArray(value);
}

/** To a name, or through a nameref to what it names. */
export function assignText(shell: Shell, name: string, value: string, append: boolean): void {
  const target = shell.vars.target(name);
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(target);
  if (element) assignElement(shell, element[1] as string, element[2] as string, value, append);
  else shell.vars.set(name, value, append);
}

export function assignElement(shell: Shell, name: string, subscript: string, value: string, append: boolean): void {
  const { vars } = shell;
  if (vars.find(name)?.assoc) {
    vars.setKey(name, subscript, value, append);
    return;
  }
  if (subscript.trim() === "" || subscript === "@" || subscript === "*")
    throw new Problem(`${name}[${subscript}]: bad array subscript`);
  vars.setAt(name, indexOf(subscript, shell.scope), value, append);
}

export function* expandElements(shell: Shell, elements: readonly Element[], assoc: boolean): Task<ExpandedElement[]> {
  const out: ExpandedElement[] = [];
  const keyed = elements.some((element) => element.key);
  for (const { key, append, value } of elements) {
    if (key) {
      out.push({
        key: yield* expandText(shell, key, "none"),
        append,
        value: yield* expandText(shell, value, "assignment"),
      });
    } else if (assoc && !keyed) out.push({ key: undefined, append, value: yield* expandText(shell, value) });
    else for (const text of yield* expandWords(shell, [value])) out.push({ key: undefined, append, value: text });
  }
  return out;
}
