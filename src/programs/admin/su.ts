import type { Program, Task } from "../../machine/define.ts";
import { execBody } from "../../machine/exec.ts";
import type { Process } from "../../machine/process.ts";
import { credentialsOf, loginEnvironment, type User, userNamed } from "../../machine/users.ts";
import { askPassword, parseArguments, standFor } from "./define.ts";

/** Becomes another user; root needs no password, and no other user's would be right. */
export const su: Program = {
  name: "su",
  *run(proc, argv) {
    const given = parseArguments(
      argv.map((word) => (word === "-" ? "-l" : word)),
      "l,login c,command= s,shell= m,p,preserve-environment P,pty",
    );
    const fail = function* (message: string): Task<number> {
      yield* proc.write(2, `su: ${message}\n`);
      return 1;
    };
    if (given.problem !== undefined) return yield* fail(`${given.problem}\nTry 'su --help' for more information.`);
    const [name = "root", ...rest] = given.operands;
    const { files } = proc.machine;
    const user = userNamed(files, name);
    if (!user)
      return yield* fail(`user ${name} does not exist or the user entry does not contain all the required fields`);
    if (proc.credentials.uid !== 0) {
      yield* askPassword(proc, "Password: ");
      return yield* fail("Authentication failure");
    }
    const login = given.options.has("l");
    const shell = given.options.get("s") ?? user.shell;
    const command = given.options.get("c");
    const first = shell.slice(shell.lastIndexOf("/") + 1);
    const words = [login ? `-${first}` : first, ...(command === undefined ? [] : ["-c", command]), ...rest];
    const child = proc.spawn({
      argv: words,
      env: environment(proc, user, login, given.options.has("m")),
      cwd: login ? home(proc, user) : proc.cwd,
      credentials: credentialsOf(files, user),
      body: execBody(proc, shell, words),
    });
    return yield* standFor(proc, child);
  },
};

function home(proc: Process, user: User): string {
  return proc.machine.files.find(user.home, credentialsOf(proc.machine.files, user)) ? user.home : "/";
}

function environment(proc: Process, user: User, login: boolean, preserve: boolean): Map<string, string> {
  if (login) {
    const env = loginEnvironment(user);
    const term = proc.env.get("TERM");
    if (term !== undefined) env.set("TERM", term);
    return env;
  }
  const env = new Map(proc.env);
  if (preserve) return env;
  env.set("HOME", user.home).set("SHELL", user.shell);
  if (user.uid !== 0) env.set("USER", user.name).set("LOGNAME", user.name);
  return env;
}
