import { type Kind, resourceName } from "../../../kinds/define.ts";
import type { Context } from "../context.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { type ReadFile, readAdmissionConfiguration } from "./configuration.ts";
import { plugins } from "./index.ts";
import { admissionTools, type ChainState } from "./tools.ts";

/** The plugins that look at one kind of request. */
interface Concerned {
  readonly mutating: readonly AdmissionPlugin[];
  readonly validating: readonly AdmissionPlugin[];
}

/** The admission plugins that are switched on, in kube-apiserver's order. */
export class AdmissionChain {
  private readonly enabled: readonly AdmissionPlugin[];
  private readonly concerned = new Map<Kind, Map<string, Concerned>>();
  private readonly state: ChainState;
  private tools: AdmissionTools | undefined;

  constructor(flags: Readonly<Record<string, string | undefined>>, readFile?: ReadFile) {
    const on = names(flags["enable-admission-plugins"]);
    const off = names(flags["disable-admission-plugins"]);
    this.enabled = plugins.filter(({ name, offByDefault }) => !off.has(name) && (!offByDefault || on.has(name)));
    this.state = { configurations: readAdmissionConfiguration(flags, readFile), isAgain: false };
  }

  mutate(context: Context, request: AdmissionRequest): void {
    this.tools ??= admissionTools(context, this.state);
    this.state.isAgain = false;
    const { mutating } = this.pluginsFor(request);
    for (const plugin of mutating) plugin.mutate?.(request, this.tools);
    // What a webhook has changed, the others see once more (apiserver pkg/admission/reinvocation.go, 1.35).
    if (this.state.isAgain) for (const plugin of mutating) plugin.mutate?.(request, this.tools);
    this.state.isAgain = false;
  }

  validate(context: Context, request: AdmissionRequest): void {
    this.tools ??= admissionTools(context, this.state);
    for (const plugin of this.pluginsFor(request).validating) plugin.validate?.(request, this.tools);
  }

  private pluginsFor({ kind, subresource = "" }: AdmissionRequest): Concerned {
    const known = this.concerned.get(kind)?.get(subresource);
    if (known) return known;
    const resource = resourceName(kind);
    const asked = subresource === "" ? resource : `${resource}/${subresource}`;
    const plugins = this.enabled.filter(({ only }) => only?.includes(asked) ?? true);
    const found = {
      mutating: plugins.filter(({ mutate }) => mutate),
      validating: plugins.filter(({ validate }) => validate),
    };
    const ofKind = this.concerned.get(kind);
    if (ofKind) ofKind.set(subresource, found);
    else this.concerned.set(kind, new Map([[subresource, found]]));
    return found;
  }
}

function names(flag: string | undefined): ReadonlySet<string> {
  return new Set((flag ?? "").split(",").filter((name) => name !== ""));
}
