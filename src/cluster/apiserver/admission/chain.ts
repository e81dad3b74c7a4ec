import type { Context } from "../context.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { plugins } from "./index.ts";
import { admissionTools } from "./tools.ts";

/** The admission plugins that are switched on, in kube-apiserver's order. */
export class AdmissionChain {
  private readonly mutating: readonly AdmissionPlugin[];
  private readonly validating: readonly AdmissionPlugin[];
  private tools: AdmissionTools | undefined;

  constructor(flags: Readonly<Record<string, string | undefined>>) {
    const on = names(flags["enable-admission-plugins"]);
    const off = names(flags["disable-admission-plugins"]);
    const enabled = plugins.filter(({ name, offByDefault }) => !off.has(name) && (!offByDefault || on.has(name)));
    this.mutating = enabled.filter(({ mutate }) => mutate);
    this.validating = enabled.filter(({ validate }) => validate);
  }

  mutate(context: Context, request: AdmissionRequest): void {
    this.tools ??= admissionTools(context);
    for (const plugin of this.mutating) plugin.mutate?.(request, this.tools);
  }

  validate(context: Context, request: AdmissionRequest): void {
    this.tools ??= admissionTools(context);
    for (const plugin of this.validating) plugin.validate?.(request, this.tools);
  }
}

function names(flag: string | undefined): ReadonlySet<string> {
  return new Set((flag ?? "").split(",").filter((name) => name !== ""));
}
