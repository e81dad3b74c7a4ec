import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Listener } from "../../../../machine/define-network.ts";
import type { Process } from "../../../../machine/process.ts";
import { untilStopped } from "../until-stopped.ts";
import { answerRequest } from "./answer.ts";
import { checkedConfiguration } from "./checked-configuration.ts";
import { errorLogOf, errorTime, logAccess } from "./logs.ts";
import { ConfigFault, type Directive } from "./parse.ts";
import { findUpstreams } from "./proxy.ts";
import { chosen, type Listen, nearest, type Server, serversOf } from "./servers.ts";
import { tlsFor, tlsOf } from "./tls.ts";

const CONFIGURATION = "/etc/nginx/nginx.conf";
const CACHE = "/var/cache/nginx";
const temporary = ["client_temp", "proxy_temp", "fastcgi_temp", "uwsgi_temp", "scgi_temp"];

/** What the command line asks of nginx. */
interface Invocation {
  readonly configuration: string;
  readonly test: boolean;
  readonly dump: boolean;
  readonly quiet: boolean;
  readonly signal: string | undefined;
  /** Directives of the command line (-g). */
  readonly globals: string;
}

/** A configuration that has been looked through. */
interface Ready {
  readonly directives: readonly Directive[];
  readonly servers: readonly Server[];
  readonly unheeded: readonly Directive[];
}

function readyOf(proc: Process, path: string): Ready {
  const { machine } = proc;
  const { directives, unheeded } = checkedConfiguration((file) => machine.filesAt(file), path);
  const servers = serversOf(directives);
  findUpstreams(directives, (name) => /^[\d.]+$/.test(name) || "addresses" in machine.network.resolve(machine, name));
  for (const server of servers) if (server.listens.some(({ ssl }) => ssl)) tlsOf(proc, server);
  return { directives, servers, unheeded };
}

function invocationOf(argv: readonly string[]): Invocation | { readonly refused: string } | "version" | "help" {
  let [configuration, test, dump, quiet] = [CONFIGURATION, false, false, false];
  let signal: string | undefined;
  let globals = "";
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (word === "-v" || word === "-V") return "version";
    if (word === "-h" || word === "-?") return "help";
    if (word === "-t") test = true;
    else if (word === "-T") [test, dump] = [true, true];
    else if (word === "-q") quiet = true;
    else if (["-c", "-g", "-s", "-p", "-e"].includes(word)) {
      const value = argv[++i];
      if (value === undefined) return { refused: `nginx: option "${word}" requires parameter` };
      if (word === "-c") configuration = value;
      if (word === "-s") signal = value;
      if (word === "-g") globals = value;
    } else return { refused: `nginx: invalid option: "${word}"` };
  }
  if (signal !== undefined && !["stop", "quit", "reopen", "reload"].includes(signal))
    return { refused: `nginx: invalid option: "-s ${signal}"` };
  return { configuration, test, dump, quiet, signal, globals };
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const version = `nginx/${proc.env.get("NGINX_VERSION") ?? ""}`;
  const asked = invocationOf(argv);
  if (asked === "version" || asked === "help") {
    yield* proc.write(2, `nginx version: ${version}\n`);
    return 0;
  }
  if ("refused" in asked) {
    yield* proc.write(2, `${asked.refused}\n`);
    return 1;
  }
  if (asked.signal !== undefined) return yield* signalMaster(proc, asked.signal);
  let ready: Ready;
  try {
    ready = readyOf(proc, asked.configuration);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    yield* complain(proc, "emerg", error.message);
    if (asked.test) yield* proc.write(2, `nginx: configuration file ${asked.configuration} test failed\n`);
    return 1;
  }
  if (asked.test) return yield* reportTest(proc, asked, ready);
  for (const { name, file, line } of ready.unheeded)
    yield* proc.write(2, `nginx: directive "${name}" in ${file}:${line} is not simulated: it has no effect\n`);
  const fault = prepared(proc);
  if (fault !== undefined) {
    yield* complain(proc, "emerg", fault);
    return 1;
  }
  const { directives } = ready;
  const stays =
    /\bdaemon\s+off\s*;/.test(asked.globals) || nearest({ directives, parent: undefined }, "daemon")?.args[0] === "off";
  if (stays) return yield* serve(proc, asked.configuration, ready, version);
  proc.spawn({
    argv: ["nginx: master process nginx"],
    group: "new",
    body: (own) => serve(own, asked.configuration, ready, version),
  });
  return 0;
}

function* complain(proc: Process, level: string, words: string): Task {
  // Its error log is the container's standard error, too.
  yield* proc.write(2, `${errorTime(proc)} [${level}] ${proc.pid}#${proc.pid}: ${words}\n`);
  yield* proc.write(2, `nginx: [${level}] ${words}\n`);
}

function* reportTest(proc: Process, { configuration, quiet, dump }: Invocation, { directives }: Ready): Task<number> {
  if (!quiet) {
    yield* proc.write(2, `nginx: the configuration file ${configuration} syntax is ok\n`);
    yield* proc.write(2, `nginx: configuration file ${configuration} test is successful\n`);
  }
  if (dump)
    for (const file of filesIn(directives, new Set([configuration])))
      yield* proc.write(1, `# configuration file ${file}:\n${proc.machine.filesAt(file).read(file, root)}\n`);
  return 0;
}

function filesIn(directives: readonly Directive[], found: Set<string>): Set<string> {
  for (const { file, block } of directives) {
    found.add(file);
    if (block) filesIn(block, found);
  }
  return found;
}

function* signalMaster(proc: Process, signal: string): Task<number> {
  const master = [...proc.machine.processes.values()].find((other) => other !== proc && serving.has(other));
  if (!master) {
    yield* complain(proc, "error", 'open() "/run/nginx.pid" failed (2: No such file or directory)');
    return 1;
  }
  if (signal === "reload") {
    try {
      readyOf(proc, serving.get(master) ?? CONFIGURATION);
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      yield* complain(proc, "emerg", error.message);
      return 1;
    }
  }
  yield* complain(proc, "notice", "signal process started");
  master.signal(signal === "stop" ? "TERM" : signal === "quit" ? "QUIT" : signal === "reload" ? "HUP" : "USR1");
  return 0;
}

/** Masters that run, with their configuration files. */
const serving = new WeakMap<Process, string>();

/** Makes nginx' own folders, as far as that can fail: where nothing stands in the way, nobody sees them. */
function prepared(proc: Process): string | undefined {
  const { machine, credentials } = proc;
  if (credentials.uid === 0 && machine.untouched(CACHE)) return undefined;
  for (const name of temporary) {
    const path = `${CACHE}/${name}`;
    if (machine.files.find(path, root)) continue;
    try {
      machine.files.mkdir(path, credentials, { mode: 0o700 });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return `mkdir() "${path}" failed (${error.code === "EROFS" ? 30 : error.code === "EACCES" ? 13 : 2}: ${error.message})`;
    }
  }
  try {
    machine.files.write("/run/nginx.pid", `${proc.pid}\n`, credentials);
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return `open() "/run/nginx.pid" failed (${error.code === "EROFS" ? 30 : 13}: ${error.message})`;
  }
}

/** Opens the ports of a configuration. Gives the words of the fault where one cannot be had. */
function openPorts(proc: Process, current: () => Ready, opened: Map<string, Listener>): string | undefined {
  const wanted = new Map(
    current().servers.flatMap(({ listens }) => listens.map((listen) => [String(listen.port), listen] as const)),
  );
  const { listeners } = proc.machine.net;
  // With TLS the certificate and the versions may be others now.
  for (const [key, listener] of opened)
    if (!wanted.has(key) || listener.tls || wanted.get(key)?.ssl) {
      listeners.splice(listeners.indexOf(listener), 1);
      opened.delete(key);
    }
  for (const [key, listen] of wanted) {
    if (opened.has(key) || listen.port === 0) continue;
    const listener = listenerOf(proc, current, listen);
    const where = `${listen.address.includes(":") ? "0.0.0.0" : listen.address}:${listen.port}`;
    try {
      proc.machine.listen(listener);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return `bind() to ${where} failed (${error.code === "EACCES" ? 13 : 98}: ${error.message})`;
    }
    opened.set(key, listener);
  }
  return undefined;
}

function listenerOf(proc: Process, current: () => Ready, { port, ssl }: Listen): Listener {
  const log = errorLogOf(proc, () => {
    const { directives } = current();
    return nearest({ directives, parent: undefined }, "error_log")?.args[0] ?? "/var/log/nginx/error.log";
  });
  const on = ({ listens }: Server) => listens.find((listen) => listen.port === port);
  const http: NonNullable<Listener["http"]> = (request) => {
    const here = current().servers.filter((server) => on(server));
    const server = chosen(here, (request.headers.host ?? "").replace(/:\d+$/, ""), on);
    const listen = server && on(server);
    if (!server || !listen) return { status: 400, headers: {}, body: "" };
    const { response, visit } = answerRequest(proc, server, listen, request, log);
    logAccess(visit, response);
    return response;
  };
  const here = current().servers.filter((server) => on(server));
  const [first] = here;
  const tls: Pick<Listener, "tls"> = ssl && first ? { tls: tlsFor(proc, here, first, on) } : {};
  return { proc, address: "0.0.0.0", port, protocol: "TCP", http, ...tls };
}

function* serve(proc: Process, configuration: string, first: Ready, version: string): Task<number> {
  let ready = first;
  const opened = new Map<string, Listener>();
  const fault = openPorts(proc, () => ready, opened);
  if (fault !== undefined) {
    yield* complain(proc, "emerg", fault);
    return 1;
  }
  serving.set(proc, configuration);
  const notice = (words: string) => proc.write(2, `${errorTime(proc)} [notice] ${proc.pid}#${proc.pid}: ${words}\n`);
  for (const words of [
    'using the "epoll" event method',
    version,
    "start worker processes",
    `start worker process ${proc.pid + 28}`,
  ])
    yield* notice(words);
  for (;;) {
    const signal = yield* untilStopped(proc, ["TERM", "INT", "QUIT", "HUP"]);
    if (signal !== "HUP") {
      yield* notice(
        `signal ${signal === "QUIT" ? "3 (SIGQUIT) received, shutting down" : "15 (SIGTERM) received, exiting"}`,
      );
      yield* notice("exit");
      return 0;
    }
    yield* notice("signal 1 (SIGHUP) received, reconfiguring");
    try {
      ready = readyOf(proc, configuration);
      const wrong = openPorts(proc, () => ready, opened);
      if (wrong !== undefined) yield* proc.write(2, `${errorTime(proc)} [emerg] ${proc.pid}#${proc.pid}: ${wrong}\n`);
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      yield* proc.write(2, `${errorTime(proc)} [emerg] ${proc.pid}#${proc.pid}: ${error.message}\n`);
    }
  }
}

export const nginxProgram: Program = { name: "nginx", folder: "/usr/sbin", run };
