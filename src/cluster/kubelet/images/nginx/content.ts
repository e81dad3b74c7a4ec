import { SECOND } from "../../../../base/clock.ts";
import type { HttpResponse } from "../../../../base/http.ts";
import { byteLength } from "../../../../base/text-bytes.ts";
import { httpDate } from "../../../../base/time.ts";
import { Errno } from "../../../../machine/define.ts";
import { type Files, root } from "../../../../machine/define-files.ts";
import { contentTypes } from "../content-types.ts";
import { nearest } from "./servers.ts";
import { filledIn, textAnswer, type Visit } from "./visit.ts";

/** What became of looking for a file: an answer, another path to go on with, or a status with what the error log says. */
export type Found =
  | { readonly answer: HttpResponse }
  | { readonly path: string }
  | { readonly status: number; readonly because?: string };

/** The file that a path means: by `alias` or by `root`. */
function fileOf(visit: Visit, path: string): string {
  const { location } = visit;
  const alias = location?.directives.find(({ name }) => name === "alias")?.args[0];
  if (alias !== undefined) return `${filledIn(visit, alias)}${path.slice(location?.prefix?.length ?? path.length)}`;
  const folder = nearest(location ?? visit.server, "root")?.args[0] ?? "html";
  const whole = filledIn(visit, folder);
  return `${whole.startsWith("/") ? whole : `/etc/nginx/${whole}`}`.replace(/\/$/, "") + path;
}

/** Answers with the file that the path means, the index of its folder, or a list of it. */
export function staticFile(visit: Visit): Found {
  const { path, request } = visit;
  const tried = tryFiles(visit);
  if (tried) return tried;
  if (path.endsWith("/")) return indexOf(visit);
  if (!["GET", "HEAD"].includes(request.method)) return { status: 405 };
  return oneFile(visit, fileOf(visit, path));
}

function tryFiles(visit: Visit): Found | undefined {
  const found = visit.location?.directives.find(({ name }) => name === "try_files") ?? undefined;
  const args = (found ?? visit.server.directives.find(({ name }) => name === "try_files"))?.args;
  if (!args || visit.own.has(" tried")) return undefined;
  visit.own.set(" tried", "1");
  for (const name of args.slice(0, -1)) {
    const path = filledIn(visit, name).replace(/\/+/g, "/");
    const file = fileOf(visit, path);
    const stat = filesAt(visit, file).find(file, root);
    const isFolder = name.endsWith("/");
    if (stat && (stat.kind === "directory") === isFolder) {
      if (isFolder) return { path: path.endsWith("/") ? path : `${path}/` };
      return oneFile(visit, file);
    }
  }
  const last = filledIn(visit, args.at(-1) ?? "");
  return last.startsWith("=") ? { status: Number(last.slice(1)) } : { path: last };
}

function indexOf(visit: Visit): Found {
  const scope = visit.location ?? visit.server;
  const folder = fileOf(visit, visit.path);
  const files = filesAt(visit, folder);
  for (const name of nearest(scope, "index")?.args ?? ["index.html"]) {
    const file = `${folder}${filledIn(visit, name)}`;
    if (files.find(file, root)?.kind === "file") return { path: `${visit.path}${filledIn(visit, name)}` };
  }
  if (!files.find(folder, root)) {
    const index = nearest(scope, "index")?.args[0] ?? "index.html";
    return { status: 404, because: `"${folder}${index}" is not found (2: No such file or directory)` };
  }
  if (nearest(scope, "autoindex")?.args[0] === "on") return { answer: listing(files, folder, visit.path) };
  return { status: 403, because: `directory index of "${folder}" is forbidden` };
}

function oneFile(visit: Visit, file: string): Found {
  const { proc } = visit;
  const files = filesAt(visit, file);
  try {
    const stat = files.stat(file, proc.credentials);
    if (stat.kind === "directory") return { answer: redirect(visit, `${visit.path}/`) };
    const text = files.read(file, proc.credentials);
    const changed = stat.modified;
    const ending =
      file
        .slice(file.lastIndexOf("/") + 1)
        .split(".")
        .at(-1) ?? "";
    const usual = nearest(visit.location ?? visit.server, "default_type")?.args[0] ?? "text/plain";
    return {
      answer: textAnswer(200, contentTypes[ending] ?? usual, text, {
        "last-modified": httpDate(changed),
        connection: "keep-alive",
        etag: `"${Math.floor(changed / SECOND).toString(16)}-${byteLength(text).toString(16)}"`,
        "accept-ranges": "bytes",
      }),
    };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const missing = error.code === "ENOENT" || error.code === "ENOTDIR";
    const number = missing ? (error.code === "ENOENT" ? 2 : 20) : 13;
    return { status: missing ? 404 : 403, because: `open() "${file}" failed (${number}: ${error.message})` };
  }
}

function redirect({ listen, request }: Visit, path: string): HttpResponse {
  const host = (request.headers.host ?? "localhost").replace(/:\d+$/, "");
  const scheme = listen.ssl ? "https" : "http";
  const port = listen.port === (listen.ssl ? 443 : 80) ? "" : `:${listen.port}`;
  return { status: 301, headers: { location: `${scheme}://${host}${port}${path}` } };
}

function listing(files: Files, folder: string, path: string): HttpResponse {
  const rows = files.list(folder, root).map((name) => {
    const isFolder = files.find(`${folder}${name}`, root)?.kind === "directory";
    const shown = isFolder ? `${name}/` : name;
    return `<a href="${shown}">${shown}</a>\r\n`;
  });
  const title = `Index of ${path}`;
  return textAnswer(
    200,
    "text/html",
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1><hr><pre><a href="../">../</a>\r\n${rows.join("")}</pre><hr></body>\r\n</html>\r\n`,
  );
}

function filesAt({ proc }: Visit, path: string): Files {
  return proc.machine.filesAt(path);
}
