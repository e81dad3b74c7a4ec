import { toJson } from "../../base/json.ts";
import type { Task } from "../../machine/define.ts";
import type { ApiAsk } from "./client.ts";
import type { Context } from "./context.ts";

/** Sends something to a path of the API as it is, and prints the answer as it is (--raw; cmd/util rawhttp, 1.33). */
export function* rawRequest(context: Context, ask: ApiAsk): Task {
  let response = yield* context.client.request(ask);
  // Go's client follows ten redirects (net/http Client).
  for (let n = 0; n < 10 && [301, 302, 303, 307, 308].includes(response.status); n++) {
    const path = response.headers.location;
    if (!path?.startsWith("/")) break;
    response = yield* context.client.request({ ...ask, path });
  }
  if (response.status >= 400) throw context.client.refusal(response, { ...ask, path: "" });
  const { body } = response;
  context.out.write(typeof body === "string" ? body : body === undefined ? "" : `${toJson(body)}\n`);
}

/** What is said of a --raw that is no path. */
export function rawProblem(path: string): string | undefined {
  if (path.startsWith("/")) return undefined;
  return `--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`;
}

/** The text of the one file of -f, or of stdin. */
export function* rawBody(context: Context, file: string): Task<string> {
  return file === "-" ? yield* context.readStdin() : context.readFile(file);
}
