import type { Task } from "../../../machine/define.ts";
import { userById } from "../../../machine/users.ts";
import { formatTime } from "../format-time.ts";
import type { Shell } from "../shell.ts";

/** A prompt with its escapes (\u \h \w …) and then, under promptvars, its expansions done. */
export function* expandPrompt(shell: Shell, prompt: string): Task<string> {
  const escaped = escapes(shell, prompt);
  if (!shell.shopts.has("promptvars") || !/[$`]/.test(escaped)) return escaped.replace(/\\\\/g, "\\");
  const { status } = shell;
  const text = yield* shell.run.expandText(shell, escaped);
  shell.status = status;
  return text;
}

function escapes(shell: Shell, prompt: string): string {
  let out = "";
  for (let i = 0; i < prompt.length; i++) {
    const c = prompt[i] as string;
    if (c !== "\\" || i + 1 >= prompt.length) {
      out += c;
      continue;
    }
    const octal = /^[0-7]{3}/.exec(prompt.slice(i + 1))?.[0];
    const braced = prompt[i + 1] === "D" ? /^D\{([^}]*)\}/.exec(prompt.slice(i + 1)) : null;
    if (octal) out += String.fromCharCode(Number.parseInt(octal, 8));
    else if (braced) out += formatTime(shell, braced[1] === "" ? "%X" : (braced[1] as string));
    else out += escapeOf(shell, prompt[i + 1] as string);
    i += octal ? 3 : braced ? braced[0].length : 1;
  }
  return out;
}

/** What the escape stands for; what came from names is protected from the expansions that follow. */
function escapeOf(shell: Shell, letter: string): string {
  const { proc } = shell;
  const user = () => userById(proc.machine.files, proc.credentials.uid)?.name ?? "I have no name!";
  const made: Readonly<Record<string, () => string>> = {
    a: () => "\x07", e: () => "\x1b", n: () => "\n", r: () => "\r", "[": () => "", "]": () => "",
    u: () => plain(user()),
    h: () => plain(proc.machine.name.split(".")[0] ?? ""),
    H: () => plain(proc.machine.name),
    w: () => plain(tildeFor(shell)),
    W: () => plain(tildeFor(shell) === "~" ? "~" : proc.cwd === "/" ? "/" : proc.cwd.slice(proc.cwd.lastIndexOf("/") + 1)),
    $: () => (proc.credentials.uid === 0 ? "#" : shell.shopts.has("promptvars") ? "\\$" : "$"),
    j: () => String(shell.jobs.jobs.length),
    "!": () => String((shell.history?.first ?? 1) + (shell.history?.lines.length ?? 0)),
    "#": () => String((shell.history?.lines.length ?? 0) + 1),
    s: () => plain(shell.name.slice(shell.name.lastIndexOf("/") + 1)),
    l: () => "0",
    v: () => "5.2",
    V: () => "5.2.15",
    d: () => formatTime(shell, "%a %b %d"),
    t: () => formatTime(shell, "%H:%M:%S"),
    T: () => formatTime(shell, "%I:%M:%S"),
    "@": () => formatTime(shell, "%I:%M %p"),
    A: () => formatTime(shell, "%H:%M"),
    "\\": () => "\\\\",
  };
  return (made[letter] ?? (() => `\\${letter}`))();
}

function plain(text: string): string {
  return text.replace(/[\\$`"]/g, "\\$&");
}

/** The working directory with the home as a tilde. */
export function tildeFor(shell: Shell, path = shell.proc.cwd): string {
  const home = shell.vars.get("HOME") ?? "";
  if (home === "" || home === "/") return path;
  return path === home ? "~" : path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
