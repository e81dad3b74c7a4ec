import { SECOND } from "../../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { byteLength } from "../../../base/text-bytes.ts";
import { httpDate } from "../../../base/time.ts";
import { Errno } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { contentTypes } from "./content-types.ts";

/** Serves the files of a folder as a web server does. `page` words the server's own error pages; `log` gets a line per request. */
export function webPages(
  proc: Process,
  folder: string,
  page: (status: number, words: string) => string,
  log: (request: HttpRequest, status: number, bytes: number) => string | undefined,
  server: string,
): (request: HttpRequest) => HttpResponse {
  const answer = (
    request: HttpRequest,
    status: number,
    body: string,
    type: string,
    extra: Record<string, string> = {},
  ): HttpResponse => {
    const line = log(request, status, body.length);
    if (line !== undefined) proc.fds.get(1)?.write?.(`${line}\n`);
    const date = httpDate(proc.machine.kernel.clock.now);
    const headers = { server, date, "content-type": type, "content-length": String(byteLength(body)), ...extra };
    return { status, headers, body: request.method === "HEAD" ? "" : body };
  };
  return (request) => {
    const refuse = (status: number, words: string) => answer(request, status, page(status, words), "text/html");
    const path = decodeURIComponent(request.path.split(/[?#]/)[0] ?? "/");
    if (!["GET", "HEAD"].includes(request.method)) return refuse(405, "Not Allowed");
    if (path.split("/").includes("..")) return refuse(400, "Bad Request");
    const file = `${folder}${path.endsWith("/") ? `${path}index.html` : path}`;
    try {
      const text = proc.machine.files.read(file, root);
      const changed = proc.machine.files.stat(file, root).modified;
      const extra = {
        "last-modified": httpDate(changed),
        connection: "keep-alive",
        etag: `"${Math.floor(changed / SECOND).toString(16)}-${byteLength(text).toString(16)}"`,
        "accept-ranges": "bytes",
      };
      return answer(
        request,
        200,
        text,
        contentTypes[file.split(".").at(-1) ?? ""] ?? "application/octet-stream",
        extra,
      );
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      // A directory without an index may not be listed.
      const folderThere = path.endsWith("/") && proc.machine.files.find(`${folder}${path}`, root);
      return folderThere || error.code === "EACCES" ? refuse(403, "Forbidden") : refuse(404, "Not Found");
    }
  };
}
