import type { Verb } from "../../define.ts";
import { env } from "./env.ts";
import { image } from "./image.ts";
import { resources } from "./resources.ts";
import { selector } from "./selector.ts";
import { serviceaccount } from "./serviceaccount.ts";
import { subject } from "./subject.ts";

/** What `kubectl set` can change. */
export const setVerbs: readonly Verb[] = [env, image, resources, selector, serviceaccount, subject];
