import { Errno, type Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import { pathOf } from "../../../machine/open-path.ts";
import { connectUnix } from "../../../machine/unix-sockets.ts";
import { portOf } from "../url.ts";
import { CurlFault, remark, type Talk } from "./define.ts";
import type { Course } from "./transfer.ts";

/** Connects to the socket file of --unix-socket. Throws CurlFault. */
export function* unixSocket(talk: Talk, course: Course, path: string): Task<Listener> {
  const { proc } = talk;
  yield* remark(talk, `*   Trying ${path}:0...`);
  try {
    const found = connectUnix(proc.machine, pathOf(proc, path));
    const { http } = found.direct as Partial<Pick<Listener, "http">>;
    course.connections++;
    yield* remark(talk, `* Connected to ${course.url.host} (${path}) port 0 (#0)`);
    return { proc: found.proc, address: path, port: 0, protocol: "TCP", ...(http ? { http } : {}) };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const port = portOf(course.url);
    throw new CurlFault(
      7,
      `Failed to connect to ${course.url.host} port ${port} after 0 ms: Couldn't connect to server`,
    );
  }
}
