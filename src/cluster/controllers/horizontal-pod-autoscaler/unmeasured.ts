import { ExpectedError } from "../../../base/expected-error.ts";

/** Why a metric is not known, in the controller's own words. */
export class Unmeasured extends ExpectedError {}
