import { indexOf } from "./arithmetic-scope.ts";
import type { ExpandedElement } from "./define.ts";
import { Problem } from "./problem.ts";
import type { Shell } from "./shell.ts";
import { IndexedArray } from "./variable.ts";

/** Fills an array from the elements of `(…)`; it begins empty unless they are appended. */
export function fillArray(shell: Shell, name: string, elements: readonly ExpandedElement[], append: boolean): void {
  const { vars } = shell;
  const variable = vars.writable(name);
  if (variable.assoc) {
    if (!append) variable.assoc = new Map();
    fillAssoc(shell, name, elements);
    return;
  }
  if (!append) variable.array = new IndexedArray();
  else variable.array ??= IndexedArray.of(variable.value === undefined ? [] : [variable.value]);
  variable.value = undefined;
  let next = append ? variable.array.end : 0;
  const scope = shell.scope;
  for (const element of elements) {
    let index = next;
    if (element.key !== undefined) {
      index = indexOf(element.key, scope);
      if (index < 0) index += variable.array.end;
    }
    vars.setAt(name, index, element.value, element.append);
    next = index + 1;
  }
}

function fillAssoc(shell: Shell, name: string, elements: readonly ExpandedElement[]): void {
  const { vars } = shell;
  if (elements.every((element) => element.key === undefined)) {
    for (let i = 0; i < elements.length; i += 2)
      vars.setKey(name, elements[i]?.value ?? "", elements[i + 1]?.value ?? "");
    return;
  }
  for (const element of elements) {
    if (element.key === undefined)
      throw new Problem(`${name}: ${element.value}: must use subscript when assigning associative array`);
    vars.setKey(name, element.key, element.value, element.append);
  }
}
