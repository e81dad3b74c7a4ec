import { JsonPathError } from "./jsonpath-node.ts";

/**
 * The JSONPath that `--sort-by` and custom-columns take: `.a.b`, `a.b`, `{.a.b}` and `{a.b}` are all `{.a.b}`.
 */
export function relaxedJsonPath(expression: string): string {
  if (expression === "") return expression;
  const parts = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression);
  if (parts) return `{.${parts[1] ?? parts[2]}}`;
  throw new JsonPathError(
    "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
  );
}
