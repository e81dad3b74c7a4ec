import type { Verb } from "../../define.ts";
import { history } from "./history.ts";
import { pause } from "./pause.ts";
import { restart } from "./restart.ts";
import { resume } from "./resume.ts";
import { status } from "./status.ts";
import { undo } from "./undo.ts";

/** kubectl rollout and all below it. */
export const rollout: readonly Verb[] = [history, pause, restart, resume, status, undo];
