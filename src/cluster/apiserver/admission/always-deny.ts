import type { AdmissionPlugin, AdmissionRequest } from "../define.ts";
import { forbidden } from "../errors.ts";
import { nameIn } from "./requests.ts";

function deny(request: AdmissionRequest): never {
  throw forbidden(request.kind, nameIn(request), "admission control is denying all modifications");
}

/** Refuses every write (kubernetes plugin/pkg/admission/deny, 1.35). */
export const alwaysDeny: AdmissionPlugin = { name: "AlwaysDeny", offByDefault: true, mutate: deny, validate: deny };
