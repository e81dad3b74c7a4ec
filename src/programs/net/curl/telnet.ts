import type { Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import { converse } from "../converse.ts";
import { secondsSince } from "../reach.ts";
import { CurlFault, remark, type Talk } from "./define.ts";

/** How long servers wait for a question, in seconds (nginx's client_header_timeout). */
const SERVER_PATIENCE = 60;

/** What is known of the transfer. */
interface Course {
  readonly start: number;
  readonly address: string;
  readonly connections: number;
}

/** telnet://: stdin goes to the server, and what it says to stdout (lib/telnet.c, 7.88). */
export function* overTelnet(talk: Talk, course: Course, listener: Listener): Task {
  const { proc, settings } = talk;
  const max = settings.number("max-time");
  const seconds = max === undefined ? SERVER_PATIENCE : Math.max(0, max - secondsSince(proc, course.start));
  const talking = { address: course.address, seconds, hangUp: false, stays: true };
  if ((yield* converse(proc, listener, talking)) === "silent" && max !== undefined) {
    yield* remark(talk, "* Time-out\n* Closing connection 0");
    throw new CurlFault(28, "Time-out");
  }
  yield* remark(talk, `* Closing connection ${course.connections - 1}`);
}
