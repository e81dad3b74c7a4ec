import { describe, expect, test } from "vitest";
import { goTemplate, printGoTemplate } from "../../../src/base/go-template/print-go-template.ts";
import { TemplateError } from "../../../src/base/go-template/template-node.ts";
import type { Json } from "../../../src/base/json.ts";
import { frozen, recorded } from "../recorded.ts";

interface TemplateCase {
  template: string;
  input: Json;
  flags?: string[];
  want?: string;
  error?: string;
  stdout?: string;
}

function print(one: TemplateCase): { stdout: string; stderr: string } {
  try {
    const allowMissingKeys = !one.flags?.includes("--allow-missing-template-keys=false");
    return { stdout: printGoTemplate(goTemplate(one.template), frozen(one.input), { allowMissingKeys }), stderr: "" };
  } catch (problem) {
    if (!(problem instanceof TemplateError)) throw problem;
    return { stdout: problem.printed, stderr: `error: ${problem.message}\n` };
  }
}

/** Complex numbers are not simulated: no template for Kubernetes has one. */
const notSimulated: readonly string[] = ["{{1i}}"];

describe.each(["go-template", "go-template-rare"])("%s as kubectl 1.33 prints it", (file) => {
  test.each(
    recorded<TemplateCase>(file).map((one, i) => [`${i + 1}: ${one.template} ${one.flags ?? ""}`, one] as const),
  )("%s", (_, one) => {
    const wanted = { stdout: one.want ?? one.stdout ?? "", stderr: one.error ?? "" };
    if (notSimulated.includes(one.template)) expect(print(one)).not.toEqual(wanted);
    else expect(print(one)).toEqual(wanted);
  });
});
