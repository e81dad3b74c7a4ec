import type { AdmissionPlugin } from "../define.ts";

/** Lets everything pass, as everything would without it. */
export const alwaysAdmit: AdmissionPlugin = { name: "AlwaysAdmit", offByDefault: true };
