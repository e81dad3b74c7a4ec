import { FormatError } from "../../../../base/format-error.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { Errno, Interrupted, type Task } from "../../../../machine/define.ts";
import { pathOf } from "../../../../machine/open-path.ts";
import { listenUnix } from "../../../../machine/unix-sockets.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { CommandFault, Unanswered, UsageFault } from "../../faults.ts";
import { boolFlag, durationFlag, intFlag, textFlag } from "../../flag-types.ts";
import { logLine } from "../../log-line.ts";
import { type RequestFilter, requestFilter } from "./filter.ts";

const flags = {
  "accept-hosts": textFlag("Patterns of the hosts that may be named in requests.", {
    initial: "^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$",
  }),
  "accept-paths": textFlag("Patterns of the paths that are let through.", { initial: "^.*" }),
  address: textFlag("The address to serve on.", { initial: "127.0.0.1" }),
  "api-prefix": textFlag("The prefix under which the API is served.", { initial: "/" }),
  "append-server-path": boolFlag("Put the path of the server's URL before that of each request."),
  "disable-filter": boolFlag("Let every request through: whoever reaches the port then acts as you."),
  keepalive: durationFlag("The keep-alive period of connections; has no effect here."),
  port: intFlag("The port to serve on; 0 takes a free one.", { short: "p", initial: 8001 }),
  "reject-methods": textFlag("Patterns of the methods that are refused.", { initial: "^$" }),
  "reject-paths": textFlag("Patterns of the paths that are refused.", {
    initial: "^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach",
  }),
  "unix-socket": textFlag("A socket file to serve on.", { short: "u" }),
  www: textFlag("A folder whose files are served, too.", { short: "w" }),
  "www-prefix": textFlag("The prefix under which these files are served.", { short: "P", initial: "/static/" }),
};
type Values = FlagValues<typeof flags>;

/** Serves the API on a local port, as the user of the kubeconfig. */
export const proxy: Verb<typeof flags> = {
  path: ["proxy"],
  usage: "proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
  short: "Run a proxy to the Kubernetes API server",
  long: "Serve the Kubernetes API on a local port: every request is sent on to the API server as the user of the kubeconfig.",
  examples: [
    "kubectl proxy",
    "kubectl proxy --port=8011 --www=./local/www/",
    "kubectl proxy --port=0",
    "kubectl proxy --api-prefix=/k8s-api",
  ],
  flags,
  config: "whole",
  check({ given, flags: values }) {
    if (given.has("port") && values["unix-socket"] !== "")
      return new UsageFault("cannot set --unix-socket and --port at the same time");
    return undefined;
  },
  *run(context, { flags: values }) {
    const { proc } = context;
    if (proc.machine.network.outside) throw new CommandFault("kubectl proxy outside the lab's hosts is not simulated");
    void context.config;
    const place =
      values["unix-socket"] === "" ? `${values.address}:${listen(context, values)}` : onSocket(context, values);
    context.out.line(`Starting to serve on ${place}`);
    let ended = false;
    proc.on("INT", () => {
      ended = true;
    });
    while (!ended) {
      try {
        yield* context.wait({ on: [] });
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
      }
    }
    // Nothing handles the signal in kubectl: it dies of it.
    proc.on("INT", "default");
    proc.signal("INT");
  },
};

/** Serves on a socket file, which goes with the process. */
function onSocket(context: Context, values: Values): string {
  const { proc } = context;
  const path = pathOf(proc, values["unix-socket"]);
  const filter = answering(context, values);
  const http = (request: HttpRequest) => answer(context, values, filter, request);
  try {
    listenUnix(proc, path, { http });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(`listen unix ${values["unix-socket"]}: bind: ${error.message.toLowerCase()}`);
  }
  return values["unix-socket"];
}

/** Which requests are let through; a warning where all are. */
function answering(context: Context, values: Values): RequestFilter | undefined {
  const { proc } = context;
  const filter = values["disable-filter"] ? undefined : filterOf(values);
  if (!filter)
    context.err.line(
      logLine(
        proc,
        "W",
        "proxy.go:172",
        "Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious",
      ),
    );
  return filter;
}

function listen(context: Context, values: Values): number {
  const { proc } = context;
  const filter = answering(context, values);
  const { address } = values;
  const port = values.port === 0 ? 32768 + proc.machine.kernel.random.below(28232) : values.port;
  if (port < 0 || port > 65535) throw new CommandFault(`listen tcp: address ${port}: invalid port`);
  const http = (request: HttpRequest) => answer(context, values, filter, request);
  try {
    if (port < 1024 && proc.credentials.uid !== 0) throw new Errno("EACCES");
    proc.machine.listen({ proc, address, port, protocol: "TCP", http });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(`listen tcp ${address}:${port}: bind: ${error.message.toLowerCase()}`);
  }
  return port;
}

function filterOf(values: Values): RequestFilter {
  try {
    return requestFilter(values);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw new CommandFault(problem.message);
  }
}

function plain(status: number, text: string): HttpResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}

/** /api becomes /api/, and so does api/. */
function slashed(prefix: string): string {
  return `/${prefix}/`.replace(/\/{2,}/g, "/");
}

function answer(
  context: Context,
  values: Values,
  filter: RequestFilter | undefined,
  request: HttpRequest,
): HttpResponse {
  const [path = "/"] = request.path.split("?");
  const prefix = slashed(values["api-prefix"]);
  const host = request.headers.host ?? "localhost";
  const files = values.www === "" ? undefined : slashed(values["www-prefix"]);
  if (files && path.startsWith(files)) return fileAt(context, values.www, path.slice(files.length));
  if (!path.startsWith(prefix)) return plain(404, "404 page not found");
  const rest = `/${request.path.slice(prefix.length)}`;
  const [restPath = "/"] = rest.split("?");
  if (filter && !filter.accepts(request.method, restPath, host)) return plain(403, "Forbidden");
  return sentOn(context, {
    ...request,
    path: (values["append-server-path"] ? context.config.server.prefix : "") + rest,
  });
}

/** The API server's answer to a request that is sent on as the user. What would have to be waited for is not simulated. */
function sentOn(context: Context, request: HttpRequest): HttpResponse {
  const { host: _, authorization: __, ...headers } = request.headers;
  const task = send(context, { ...request, headers: { ...headers, ...context.config.headers } });
  try {
    const step = task.next("ready");
    if (step.done) return step.value;
    return plain(504, "Error trying to reach service: an answer that takes its time is not simulated");
  } catch (fault) {
    if (!(fault instanceof Unanswered)) throw fault;
    context.proc.fds
      .get(2)
      ?.write?.(
        `${logLine(context.proc, "E", "proxy_server.go:147", `Error while proxying request: ${fault.message}`)}\n`,
      );
    return plain(502, fault.message);
  }
}

function* send(context: Context, request: HttpRequest): Task<HttpResponse> {
  const connection = yield* context.client.reach(request.path, request.method);
  return yield* connection.send(request, undefined);
}

function fileAt({ proc }: Context, folder: string, name: string): HttpResponse {
  const { files } = proc.machine;
  try {
    const path = pathOf(proc, `${folder.replace(/\/$/, "")}/${name}`);
    const isFile = files.stat(path, proc.credentials).kind !== "directory";
    if (!isFile) {
      const names = files.list(path, proc.credentials);
      if (names.includes("index.html")) return fileAt({ proc } as Context, path, "index.html");
      const lines = names.map((one) => `<a href="${one}">${one}</a>\n`).join("");
      return {
        status: 200,
        headers: { "content-type": "text/html; charset=utf-8" },
        body: `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${lines}</pre>\n`,
      };
    }
    const type = name.endsWith(".html") ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    return { status: 200, headers: { "content-type": type }, body: files.read(path, proc.credentials) };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.code === "EACCES" ? plain(403, "403 Forbidden") : plain(404, "404 page not found");
  }
}
