import type { HttpRequest } from "../../../base/http.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import { openFd } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { type Answer, exchange, type NoAnswer } from "../exchange.ts";
import type { Url } from "../url.ts";

/** The name that a downloaded file gets: the last step of the path with the query. */
export function fileName({ path }: Url): string {
  const name = path.slice(path.lastIndexOf("/", path.indexOf("?") < 0 ? undefined : path.indexOf("?")) + 1);
  return name === "" || name.startsWith("?") ? `index.html${name}` : name;
}

/** Opens a file to be filled; the error where it cannot be. */
export function openOutput(proc: Process, path: string): number | Errno {
  try {
    return openFd(proc, path, { write: true, create: true, truncate: true });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error;
  }
}

/** Asks whoever listens for a URL; "late" where it takes too long. */
export function* ask(
  proc: Process,
  listener: Listener,
  url: Url,
  sent: Pick<HttpRequest, "method" | "headers" | "body"> & {
    certificate?: HttpRequest["clientCertificate"];
    /** How long the server may take. */
    seconds?: number | undefined;
  },
): Task<Answer | NoAnswer | "late"> {
  const { certificate, headers, seconds, ...rest } = sent;
  return yield* exchange(
    proc,
    listener,
    {
      ...rest,
      path: url.path,
      headers: url.scheme === "https" ? { ...headers, ":scheme": "https" } : headers,
      ...(certificate === undefined ? {} : { clientCertificate: certificate }),
    },
    { seconds },
  );
}

/** Copies a body to a descriptor; the number of characters, or that it took too long. */
export function* copyBody(
  proc: Process,
  answer: Answer,
  fd: number | undefined,
  until?: number,
): Task<number | "late"> {
  let length = 0;
  try {
    for (;;) {
      const part = yield* answer.read(until);
      if (part === undefined) return length;
      if (part === "late") return "late";
      length += part.length;
      if (fd !== undefined) yield* proc.write(fd, part);
    }
  } finally {
    answer.close();
  }
}

/** A header of an answer. */
export function headerOf({ headers }: Answer, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}
