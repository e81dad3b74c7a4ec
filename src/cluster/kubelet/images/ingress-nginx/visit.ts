import type { HttpRequest } from "../../../../base/http.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Attempt } from "../../../network/http/reverse-proxy.ts";

/** A request on its way through nginx, and what is noted of it for the logs. */
export interface Visit {
  readonly proc: Process;
  readonly request: HttpRequest;
  readonly scheme: "http" | "https";
  /** The client's address. */
  readonly client: string;
  /** X-Request-ID. */
  readonly id: string;
  /** The number of its connection. */
  readonly number: number;
  server: string;
  user: string;
  /** The backend, and the canary that the request went to. */
  upstream: string;
  alternative: string;
  attempts: readonly Attempt[];
  seconds: number;
}
