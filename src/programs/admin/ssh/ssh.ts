import { WaitQueue } from "../../../base/wait-queue.ts";
import { Errno, Interrupted, type OpenFile, type Program, type Task } from "../../../machine/define.ts";
import { pipe } from "../../../machine/pipe.ts";
import type { Process } from "../../../machine/process.ts";
import { parseArguments } from "../define.ts";
import { connect, parseHost } from "./connect.ts";
import { startSession } from "./session.ts";

const KNOWN =
  "+ 4 6 A a C f G g K k M N n q s T t V v X x Y y B= b= c= D= E= e= F= I= i= J= L= l= m= O= o= p= Q= R= S= W= w=";

const usage = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]
           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]
           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]
           [-i identity_file] [-J [user@]host[:port]] [-L address]
           [-l login_name] [-m mac_spec] [-O ctl_cmd] [-o option] [-p port]
           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]
           [-w local_tun[:remote_tun]] destination [command [argument ...]]
`;

/** Logs in to another host and runs a shell or a command there. Forwarding is not simulated. */
export const ssh: Program = {
  name: "ssh",
  *run(proc, argv) {
    const { destination, command, options, all, problem } = parse(argv);
    if (problem !== undefined || destination === undefined) {
      yield* proc.write(2, problem === undefined ? usage : `${problem}\n${usage}`);
      return 255;
    }
    if (options.has("V")) {
      yield* proc.write(2, "OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.17 1 Jul 2025\n");
      return 0;
    }
    for (const flag of ["D", "L", "R", "W", "J"])
      if (options.has(flag)) {
        yield* proc.write(2, `ssh: forwarding (-${flag}) is not simulated by cka-lab\n`);
        return 255;
      }
    const values = (name: string) => all.filter(([given]) => given === name).map(([, value]) => value);
    const target = parseHost(destination);
    const login = yield* connect(proc, {
      host: target.host,
      user: options.get("l") ?? target.user,
      port: options.get("p") ?? target.port,
      identities: values("i"),
      settings: values("o"),
      configFile: options.get("F"),
    });
    if (!login) return 255;
    const wantsTerminal = options.has("t") || (command === "" && !options.has("T"));
    const forced = values("t").length > 1;
    const withTerminal = wantsTerminal && proc.terminal !== undefined && (proc.isTerminal(0) || forced);
    if (wantsTerminal && !withTerminal)
      yield* proc.write(2, "Pseudo-terminal will not be allocated because stdin is not a terminal.\n");
    const request = command === "" ? undefined : command;
    if (withTerminal) return yield* interactive(proc, login, request, target.host, options.has("q"));
    return yield* streaming(proc, login, request, options.has("n"));
  },
};

/** Options may stand before and after the host; what follows is the command. */
function parse(argv: readonly string[]) {
  const before = parseArguments(argv, KNOWN);
  const [destination, ...rest] = before.operands;
  const after = parseArguments(destination === undefined || !rest[0]?.startsWith("-") ? ["--", ...rest] : rest, KNOWN);
  return {
    destination: before.options.has("V") ? "" : destination,
    command: after.operands.join(" "),
    options: new Map([...before.options, ...after.options]),
    all: [...before.all, ...after.all],
    problem: before.problem ?? after.problem,
  };
}

type Login = Parameters<typeof startSession>[1];

/** The session uses the client's own terminal; afterwards the client's job has it again. */
function* interactive(
  proc: Process,
  login: Login,
  command: string | undefined,
  host: string,
  quiet: boolean,
): Task<number> {
  const terminal = proc.terminal;
  if (!terminal) return 255;
  const before = { foreground: terminal.foreground, mode: terminal.mode, echo: terminal.echo };
  const screen = terminal.open();
  const fds = new Map([0, 1, 2].map((fd) => [fd, screen]));
  const session = startSession(proc, login, { command, fds, withTerminal: true });
  try {
    yield* ended(proc, session);
  } finally {
    if (session.state !== "ended") session.signal("HUP");
    terminal.foreground = before.foreground;
    terminal.mode = before.mode;
    terminal.echo = before.echo;
  }
  if (!quiet) yield* proc.write(2, `Connection to ${host} closed.\n`);
  return session.status;
}

function* ended(proc: Process, session: Process): Task {
  while (session.state !== "ended") yield { on: [session.changed] };
  proc.children.delete(session);
}

/** The session has pipes: what comes on stdin is sent on until the other side ends. */
function* streaming(proc: Process, login: Login, command: string | undefined, noInput: boolean): Task<number> {
  const { reader, writer } = pipe();
  const fds = new Map([
    [0, reader],
    [1, throughPipe(proc.fd(1))],
    [2, throughPipe(proc.fd(2))],
  ]);
  const session = startSession(proc, login, { command, fds, withTerminal: false });
  writer.refs = 1;
  try {
    yield* pump(proc, session, noInput ? undefined : proc.fds.get(0), writer);
  } finally {
    if (session.state !== "ended") session.signal("HUP");
    writer.close?.();
  }
  proc.children.delete(session);
  return session.status;
}

function* pump(proc: Process, session: Process, input: OpenFile | undefined, writer: OpenFile): Task {
  let source = input;
  let text = "";
  while (session.state !== "ended") {
    const waits: WaitQueue[] = [session.changed];
    if (source && text === "") {
      const got = source.read?.(65_536);
      if (got instanceof WaitQueue) waits.push(got);
      else if (got === undefined) source = undefined;
      else text = got;
    }
    if (text !== "") {
      const taken = send(writer, text);
      if (taken instanceof WaitQueue) waits.push(taken);
      else {
        text = text.slice(taken);
        if (proc.tick()) yield undefined;
        continue;
      }
    } else if (!source) writer.close?.();
    try {
      yield* proc.wait({ on: waits });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }
}

/** What nobody reads any more is thrown away. */
function send(writer: OpenFile, text: string): number | WaitQueue {
  try {
    return writer.write?.(text) ?? text.length;
  } catch (error) {
    if (error instanceof Errno && error.code === "EPIPE") return text.length;
    throw error;
  }
}

/** The far end of a session without a terminal sees a pipe, whatever the client's end is. */
function throughPipe(file: OpenFile): OpenFile {
  file.refs++;
  return {
    kind: "pipe",
    refs: 0,
    write: (text) => file.write?.(text) ?? text.length,
    close() {
      if (--file.refs === 0) file.close?.();
    },
  };
}
