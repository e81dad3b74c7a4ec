import { goQuote } from "../base/go-text.ts";
import { type Json, toJson } from "../base/json.ts";
import type { Kind, Problem } from "./define.ts";
import { Status } from "./status.ts";

const words: Readonly<Record<Problem["type"], readonly [text: string, reason: string]>> = {
  Required: ["Required value", "FieldValueRequired"],
  Invalid: ["Invalid value", "FieldValueInvalid"],
  TypeInvalid: ["Invalid value", "FieldValueTypeInvalid"],
  NotSupported: ["Unsupported value", "FieldValueNotSupported"],
  NotFound: ["Not found", "FieldValueNotFound"],
  Duplicate: ["Duplicate value", "FieldValueDuplicate"],
  Forbidden: ["Forbidden", "FieldValueForbidden"],
  TooLong: ["Too long", "FieldValueTooLong"],
  TooMany: ["Too many", "FieldValueTooMany"],
  InternalError: ["Internal error", "InternalError"],
};

const withoutValue: readonly Problem["type"][] = ["Required", "Forbidden", "TooLong", "InternalError"];

/** A problem with its path (apimachinery util/validation/field, 0.35). */
export function problemText(problem: Problem): string {
  return `${problem.path}: ${problemBody(problem)}`;
}

/** A problem without its path, as causes carry it. */
export function problemBody(problem: Problem): string {
  let text = words[problem.type][0];
  if (!withoutValue.includes(problem.type) && !problem.hidesValue) text += `: ${valueText(problem.value)}`;
  const detail = problem.supported
    ? `supported values: ${problem.supported.map(goQuote).join(", ")}`
    : (problem.detail ?? "");
  return detail === "" ? text : `${text}: ${detail}`;
}

/** A value as messages show it since 1.34: text quoted, all but numbers and booleans as JSON. */
function valueText(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const json = toJson((value ?? null) as Json);
  return json.replace(/[<>&]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
}

/** The refusal of an object: 422 Invalid with its causes. */
export function invalid(kind: Pick<Kind, "kind" | "group">, name: string, problems: readonly Problem[]): Status {
  const texts = [...new Set(problems.map(problemText))];
  const text = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const qualified = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const message = `${qualified} ${goQuote(name)} is invalid${texts.length === 0 ? "" : `: ${text}`}`;
  return new Status("Invalid", message, {
    name,
    ...(kind.group ? { group: kind.group } : {}),
    kind: kind.kind,
    causes: problems.map((problem) => ({
      reason: words[problem.type][1],
      message: problemBody(problem),
      field: problem.path,
    })),
  });
}

// ---- the problems there are

export function required(path: string, detail = ""): Problem {
  return { type: "Required", path, detail };
}

export function wrong(path: string, value: unknown, detail: string): Problem {
  return { type: "Invalid", path, value, detail };
}

export function unsupported(path: string, value: unknown, supported: readonly string[]): Problem {
  return { type: "NotSupported", path, value, supported };
}

export function duplicate(path: string, value: unknown, detail = ""): Problem {
  return { type: "Duplicate", path, value, detail };
}

export function absent(path: string, value: unknown, detail = ""): Problem {
  return { type: "NotFound", path, value, detail };
}

export function forbidden(path: string, detail: string): Problem {
  return { type: "Forbidden", path, detail };
}

export function tooLong(path: string, bytes: number): Problem {
  return { type: "TooLong", path, detail: `may not be more than ${bytes} ${bytes === 1 ? "byte" : "bytes"}` };
}

/** A field that may not change: its new value is shown. */
export function immutable(path: string, value: unknown): Problem {
  return wrong(path, value, "field is immutable");
}
