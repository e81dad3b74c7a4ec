import type { OpenFile } from "../machine/define.ts";
import { execBody } from "../machine/exec.ts";
import type { Machine } from "../machine/machine.ts";
import type { Process } from "../machine/process.ts";
import type { Terminal } from "../machine/terminal.ts";
import { credentialsOf, loginEnvironment, userNamed } from "../machine/users.ts";
import { LabError } from "./lab-error.ts";

export interface LoginOptions {
  readonly user: string;
  /** The shell's arguments; its name first. A login shell where left out. */
  readonly argv?: readonly string[];
  readonly terminal?: Terminal;
  /** Where there is no terminal. */
  readonly fds?: ReadonlyMap<number, OpenFile>;
}

/** Logs a user in on a host, as sshd does for somebody who comes from outside the world. */
export function login(machine: Machine, { user: name, argv = ["-bash"], terminal, fds }: LoginOptions): Process {
  const user = userNamed(machine.files, name);
  if (!user) throw new LabError(`${machine.name} has no user ${name}`);
  const env = loginEnvironment(user).set("LANG", "C.UTF-8");
  if (terminal) env.set("TERM", "xterm-256color").set("SSH_TTY", "/dev/pts/0");
  const screen = terminal?.open();
  const proc = machine.start({
    argv,
    env,
    cwd: user.home,
    credentials: credentialsOf(machine.files, user),
    terminal: terminal ?? null,
    group: "new",
    cgroup: `/user.slice/user-${user.uid}.slice/session-${machine.kernel.newGroup()}.scope`,
    fds: screen ? new Map([0, 1, 2].map((fd) => [fd, screen])) : (fds ?? new Map()),
    body: (self) => execBody(self, user.shell, argv)(self),
  });
  if (terminal) terminal.foreground = proc.group;
  return proc;
}
