import type { Context } from "../context.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { type ReadFile, readAdmissionConfiguration } from "./configuration.ts";
import { plugins } from "./index.ts";
import { admissionTools, type ChainState } from "./tools.ts";

/** The admission plugins that are switched on, in kube-apiserver's order. */
export class AdmissionChain {
  private readonly mutating: readonly AdmissionPlugin[];
  private readonly validating: readonly AdmissionPlugin[];
  private readonly state: ChainState;
  private tools: AdmissionTools | undefined;

  constructor(flags: Readonly<Record<string, string | undefined>>, readFile?: ReadFile) {
    const on = names(flags["enable-admission-plugins"]);
    const off = names(flags["disable-admission-plugins"]);
    const enabled = plugins.filter(({ name, offByDefault }) => !off.has(name) && (!offByDefault || on.has(name)));
    this.mutating = enabled.filter(({ mutate }) => mutate);
    this.validating = enabled.filter(({ validate }) => validate);
    this.state = { configurations: readAdmissionConfiguration(flags, readFile), isAgain: false };
  }

  mutate(context: Context, request: AdmissionRequest): void {
    this.tools ??= admissionTools(context, this.state);
    this.state.isAgain = false;
    for (const plugin of this.mutating) plugin.mutate?.(request, this.tools);
    // What a webhook has changed, the others see once more (apiserver pkg/admission/reinvocation.go, 1.35).
    if (this.state.isAgain) for (const plugin of this.mutating) plugin.mutate?.(request, this.tools);
    this.state.isAgain = false;
  }

  validate(context: Context, request: AdmissionRequest): void {
    this.tools ??= admissionTools(context, this.state);
    for (const plugin of this.validating) plugin.validate?.(request, this.tools);
  }
}

function names(flag: string | undefined): ReadonlySet<string> {
  return new Set((flag ?? "").split(",").filter((name) => name !== ""));
}
