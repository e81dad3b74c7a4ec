import type { JsonObject } from "../../base/json.ts";
import { parseSelector } from "../../base/parse-selector.ts";
import { selectorMatcher } from "../../base/selector.ts";
import type { Found } from "./selection.ts";

/** Whether -l chooses an object of a file: by the labels that stand there. All where no selector was given. */
export function chosenBy(selector: string): (found: Pick<Found, "object">) => boolean {
  if (selector === "") return () => true;
  const matches = selectorMatcher(parseSelector(selector));
  return ({ object }) => {
    const metadata = object.metadata as JsonObject | undefined;
    return matches((metadata?.labels ?? {}) as Readonly<Record<string, string>>);
  };
}
