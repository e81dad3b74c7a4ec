import { isCollection, isNode, type Node } from "yaml";

/** The column of a place in the text, from zero. */
export function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

/** The column of the innermost block collection on the path to a node, -1 at the top. */
export function blockColumn(text: string, path: readonly unknown[]): number {
  const block = path.findLast((node) => isCollection(node) && !node.flow && isNode(node)) as Node | undefined;
  return block?.range ? columnOf(text, block.range[0]) : -1;
}
