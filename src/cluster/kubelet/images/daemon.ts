import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { Errno, type Program, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { untilStopped } from "./until-stopped.ts";

/** A port that a daemon opens. */
export interface Port {
  readonly port: number;
  readonly protocol?: "TCP" | "UDP";
  /** How it answers HTTP. */
  readonly http?: (request: HttpRequest) => HttpResponse;
  /** What it says to whoever connects, where it speaks first. */
  readonly banner?: string;
}

/** How a daemon begins: its ports and its first words, or why it does not begin at all. */
export type Start =
  | { readonly ports: readonly Port[]; readonly says?: readonly string[] }
  | { readonly status: number; readonly complains: readonly string[] };

/** A daemon: what it is called, how it begins, and what it says when it is asked to end. */
export interface Daemon {
  readonly name: string;
  readonly also?: readonly string[];
  readonly folder?: string;
  /** Where it writes: 2, the usual one, or 1. */
  readonly writesTo?: 1 | 2;
  start(proc: Process, argv: readonly string[]): Start;
  readonly farewell?: readonly string[];
  /** What it ends with when TERM or INT asks it to. */
  readonly endsWith?: number;
}

/** A program that opens its ports, says so, waits, and ends when it is asked to. */
export function daemon({ name, also, folder, writesTo = 2, start, farewell = [], endsWith = 0 }: Daemon): Program {
  return {
    name,
    ...(also ? { also } : {}),
    folder: folder ?? "/usr/local/bin",
    *run(proc, argv): Task<number> {
      const begun = start(proc, argv);
      if ("status" in begun) {
        for (const line of begun.complains) yield* proc.write(2, `${line}\n`);
        return begun.status;
      }
      for (const port of begun.ports) {
        const fault = open(proc, port);
        if (fault !== undefined) {
          yield* proc.write(2, `${name}: cannot listen on port ${port.port}: ${fault}\n`);
          return 1;
        }
      }
      for (const line of begun.says ?? []) yield* proc.write(writesTo, `${line}\n`);
      yield* untilStopped(proc, ["TERM", "INT", "QUIT"]);
      for (const line of farewell) yield* proc.write(writesTo, `${line}\n`);
      return endsWith;
    },
  };
}

function open(proc: Process, { port, protocol = "TCP", http, banner }: Port): string | undefined {
  const more = { ...(http ? { http } : {}), ...(banner === undefined ? {} : { banner }) };
  try {
    proc.machine.listen({ proc, address: "0.0.0.0", port, protocol, ...more });
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.message;
  }
}

/** An answer in plain text. */
export function plainText(body: string, status = 200): HttpResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/** The path of a request, without its query. */
export function pathOf(request: HttpRequest): string {
  return request.path.split("?")[0] ?? "/";
}
