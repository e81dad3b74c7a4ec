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
  if (!prompt.includes("\\")) return prompt;
  const known = escapesOf(shell);
  return prompt.replace(/\\(?:([0-7]{3})|D\{([^}]*)\}|([\s\S]))/g, (whole, octal, format, letter) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (format !== undefined) return formatTime(shell, format === "" ? "%X" : format);
    return known[letter] ?? whole;
  });
}

/** What the escapes stand for; what came from names is protected from the expansions that follow. */
function escapesOf(shell: Shell): Readonly<Record<string, string>> {
  const { proc, history } = shell;
  const user = userById(proc.machine.files, proc.credentials.uid)?.name ?? "I have no name!";
  const folder = tildeFor(shell);
  const base = folder === "~" || folder === "/" ? folder : folder.slice(folder.lastIndexOf("/") + 1);
  const count = history?.lines.length ?? 0;
  const dollar = shell.shopts.has("promptvars") ? "\\$" : "$";
  return {
    ...{
      a: "\x07",
      e: "\x1b",
      n: "\n",
      r: "\r",
      "[": "",
      "]": "",
      "\\": "\\\\",
      $: proc.credentials.uid === 0 ? "#" : dollar,
    },
    ...{ u: plain(user), h: plain(proc.machine.name.split(".")[0] ?? ""), H: plain(proc.machine.name) },
    ...{ w: plain(folder), W: plain(base), s: plain(shell.name.slice(shell.name.lastIndexOf("/") + 1)), l: "0" },
    ...{ j: String(shell.jobs.jobs.length), "!": String((history?.first ?? 1) + count), "#": String(count + 1) },
    ...{ v: "5.2", V: "5.2.15", d: formatTime(shell, "%a %b %d"), t: formatTime(shell, "%H:%M:%S") },
    ...{ T: formatTime(shell, "%I:%M:%S"), "@": formatTime(shell, "%I:%M %p"), A: formatTime(shell, "%H:%M") },
  };
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
