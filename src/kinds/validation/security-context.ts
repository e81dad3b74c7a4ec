import type { Problem } from "../define.ts";
import { internalSecurityContext } from "../internal-pod-spec.ts";
import { duplicate, required, unsupported, wrong } from "../problem.ts";
import { checkRelative } from "./paths.ts";

// kubernetes pkg/apis/core/validation ValidateSecurityContext, validatePodSpecSecurityContext, 1.35.

type Context = Readonly<Record<string, unknown>>;

const idRange = "must be between 0 and 2147483647, inclusive";
const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

/** With whose rights a container runs. */
export function checkSecurityContext(context: Context | undefined, path: string, problems: Problem[]): void {
  if (!context) return;
  checkId(context.runAsUser, `${path}.runAsUser`, problems);
  checkId(context.runAsGroup, `${path}.runAsGroup`, problems);
  const mount = context.procMount;
  if (mount !== undefined && mount !== "Default" && mount !== "Unmasked")
    problems.push(unsupported(`${path}.procMount`, mount, ["Default", "Unmasked"]));
  if (mount === "Unmasked")
    problems.push(wrong(`${path}.procMount`, mount, "`hostUsers` must be false to use `Unmasked`"));
  checkSeccomp(context.seccompProfile as Context | undefined, `${path}.seccompProfile`, problems);
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true) {
      const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
      problems.push(wrong(path, internalSecurityContext(context), detail));
    }
    if ((context.capabilities as { add?: string[] } | undefined)?.add?.includes("CAP_SYS_ADMIN")) {
      const detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
      problems.push(wrong(path, internalSecurityContext(context), detail));
    }
  }
  checkAppArmor(context.appArmorProfile as Context | undefined, `${path}.appArmorProfile`, problems);
}

/** With whose rights a pod's containers run where they do not say. */
export function checkPodSecurityContext(context: Context | undefined, path: string, problems: Problem[]): void {
  if (!context) return;
  for (const field of ["fsGroup", "runAsUser", "runAsGroup"]) checkId(context[field], `${path}.${field}`, problems);
  for (const [index, group] of ((context.supplementalGroups as number[] | undefined) ?? []).entries())
    checkId(group, `${path}.supplementalGroups[${index}]`, problems);
  const sysctls = (context.sysctls as { name?: string }[] | undefined) ?? [];
  const seen = new Set<string>();
  for (const [index, { name = "" }] of sysctls.entries()) {
    const at = `${path}.sysctls[${index}].name`;
    if (seen.has(name)) problems.push(duplicate(at, name));
    else checkSysctl(name, at, problems);
    seen.add(name);
  }
  const policy = context.fsGroupChangePolicy;
  if (policy !== undefined && policy !== "Always" && policy !== "OnRootMismatch")
    problems.push(unsupported(`${path}.fsGroupChangePolicy`, policy, ["Always", "OnRootMismatch"]));
  checkSeccomp(context.seccompProfile as Context | undefined, `${path}.seccompProfile`, problems);
  checkAppArmor(context.appArmorProfile as Context | undefined, `${path}.appArmorProfile`, problems);
}

function checkId(id: unknown, path: string, problems: Problem[]): void {
  if (typeof id === "number" && (id < 0 || id > 2147483647)) problems.push(wrong(path, id, idRange));
}

const sysctlForm = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

function checkSysctl(name: string, path: string, problems: Problem[]): void {
  if (name === "") problems.push(required(path));
  else if (name.length > 253 || !sysctlForm.test(name)) {
    const regex = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    problems.push(wrong(path, name, `must have at most 253 characters and match regex ${regex}`));
  }
}

function checkSeccomp(profile: Context | undefined, path: string, problems: Problem[]): void {
  if (!profile) return;
  const { type = "", localhostProfile } = profile as { type?: string; localhostProfile?: string };
  if (type === "") problems.push(required(`${path}.type`, "type is required when seccompProfile is set"));
  else if (!profileTypes.includes(type)) problems.push(unsupported(`${path}.type`, type, profileTypes));
  if (type === "Localhost") {
    if (localhostProfile === undefined)
      problems.push(required(`${path}.localhostProfile`, "must be set when seccomp type is Localhost"));
    else checkRelative(localhostProfile, `${path}.localhostProfile`, problems);
  } else if (localhostProfile !== undefined)
    problems.push(wrong(`${path}.localhostProfile`, profile, "can only be set when seccomp type is Localhost"));
}

function checkAppArmor(profile: Context | undefined, path: string, problems: Problem[]): void {
  if (!profile) return;
  const { type = "", localhostProfile } = profile as { type?: string; localhostProfile?: string };
  if (type === "") problems.push(required(`${path}.type`, "type is required when appArmorProfile is set"));
  else if (!profileTypes.includes(type)) problems.push(unsupported(`${path}.type`, type, profileTypes));
  else if (type === "Localhost") {
    if (!localhostProfile?.trim())
      problems.push(required(`${path}.localhostProfile`, "must be set when AppArmor type is Localhost"));
    else if (localhostProfile.trim() !== localhostProfile)
      problems.push(wrong(`${path}.localhostProfile`, localhostProfile, "must not be padded with whitespace"));
  } else if (localhostProfile !== undefined) {
    const detail = "can only be set when AppArmor type is Localhost";
    problems.push(wrong(`${path}.localhostProfile`, localhostProfile, detail));
  }
}
