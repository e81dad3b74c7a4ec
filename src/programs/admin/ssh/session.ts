import type { OpenFile, Task } from "../../../machine/define.ts";
import { Errno } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import { execBody } from "../../../machine/exec.ts";
import { journalOf } from "../../../machine/journal.ts";
import type { Process } from "../../../machine/process.ts";
import { credentialsOf, loginEnvironment } from "../../../machine/users.ts";
import type { Login } from "./connect.ts";

/** What the client asks the server to run, and through what it talks to it. */
export interface SessionRequest {
  /** undefined for a login shell. */
  readonly command: string | undefined;
  readonly fds: ReadonlyMap<number, OpenFile>;
  /** Whether a terminal was asked for: the client's own, so that its line editor serves the shell there. */
  readonly withTerminal: boolean;
}

/** Starts a session on the other host: a process of its sshd, which runs the user's shell and ends with it. */
export function startSession(client: Process, login: Login, request: SessionRequest): Process {
  const { machine } = login.listener.proc;
  const { user } = login;
  const terminal = request.withTerminal ? (client.terminal ?? null) : null;
  return client.spawn({
    machine,
    argv: [`sshd: ${user.name}@${terminal ? "pts/0" : "notty"}`],
    env: new Map(),
    cwd: "/",
    credentials: root,
    terminal,
    group: "new",
    cgroup: `/user.slice/user-${user.uid}.slice/session-${machine.kernel.newGroup()}.scope`,
    fds: request.fds,
    body: (proc) => serve(proc, client, login, request),
  });
}

function* serve(proc: Process, client: Process, login: Login, request: SessionRequest): Task<number> {
  const { user } = login;
  const { files } = proc.machine;
  const log = (message: string) =>
    journalOf(proc.machine).add({ unit: "ssh.service", identifier: "sshd", pid: proc.pid, priority: 6, message });
  log(`pam_unix(sshd:session): session opened for user ${user.name}(uid=${user.uid}) by (uid=0)`);
  const first = user.shell.slice(user.shell.lastIndexOf("/") + 1);
  const argv = request.command === undefined ? [`-${first}`] : [first, "-c", request.command];
  if (request.withTerminal && request.command === undefined) yield* showMotd(proc);
  const credentials = credentialsOf(files, user);
  const hasHome = files.find(user.home, credentials)?.kind === "directory";
  if (!hasHome) yield* proc.write(2, `Could not chdir to home directory ${user.home}: No such file or directory\n`);
  try {
    const shell = proc.spawn({
      argv,
      env: environment(client, login, request.withTerminal),
      cwd: hasHome ? user.home : "/",
      credentials,
      group: "new",
      body: execBody(proc, user.shell, argv),
    });
    if (proc.terminal) proc.terminal.foreground = shell.group;
    proc.on("HUP", () => shell.signal("HUP"));
    for (const fd of [...proc.fds.keys()]) proc.close(fd);
    while (shell.state !== "ended") yield { on: [shell.changed] };
    proc.children.delete(shell);
    return shell.signalled ? 255 : shell.status;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `${user.shell}: ${error.message}\n`);
    return 1;
  } finally {
    log(`pam_unix(sshd:session): session closed for user ${user.name}`);
  }
}

function* showMotd(proc: Process): Task {
  const { files } = proc.machine;
  if (files.find("/etc/motd", root)?.kind === "file") yield* proc.write(1, files.read("/etc/motd", root));
}

function environment(client: Process, { user, near, far, port }: Login, withTerminal: boolean): Map<string, string> {
  const env = loginEnvironment(user);
  env.set("SSH_CLIENT", `${near} ${clientPort(client)} ${port}`);
  env.set("SSH_CONNECTION", `${near} ${clientPort(client)} ${far} ${port}`);
  if (withTerminal) env.set("SSH_TTY", "/dev/pts/0").set("TERM", client.env.get("TERM") ?? "xterm-256color");
  const lang = client.env.get("LANG");
  if (lang !== undefined) env.set("LANG", lang);
  return env;
}

/** A port of the ephemeral range. */
function clientPort(client: Process): number {
  return 32_768 + (client.pid % 28_000);
}
