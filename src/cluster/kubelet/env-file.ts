/** Why a file is no file of variables. The kubelet only logs it. */
export class EnvFileError extends Error {}

/**
 * The value of a variable in a file, "" where it is not set (pkg/kubelet/util/env ParseEnv, 1.35): a strict part of
 * the shell's language, every value in single quotes, over several lines if it likes. What follows the line with the
 * variable is not looked at.
 */
export function envFileValue(text: string, key: string): string {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").replace(/^[ \t]+/, "");
    if (line === "" || line.startsWith("#")) continue;
    const [name, assigned] = splitLine(line, at + 1);
    // As in a shell, an assignment ends at the first blank: the variable is empty.
    if (/^[ \t]/.test(assigned)) {
      if (name === key) return "";
      continue;
    }
    if (!assigned.startsWith("'")) throw fault(at + 1, "value must be enclosed in single quotes");
    const first = at;
    let rest = assigned.slice(1);
    let value = "";
    let end = rest.indexOf("'");
    while (end < 0) {
      value += `${rest}\n`;
      at += 1;
      if (at >= lines.length) throw fault(first + 1, "unclosed single quote", " starting");
      rest = lines[at] ?? "";
      end = rest.indexOf("'");
    }
    const after = rest.slice(end + 1).replace(/^[ \t]+/, "");
    if (after !== "" && !after.startsWith("#")) throw fault(at + 1, "unexpected content after closing quote");
    if (name === key) return value + rest.slice(0, end);
  }
  return "";
}

/** A variable's name, and what follows its equals sign. */
function splitLine(line: string, number: number): readonly [name: string, assigned: string] {
  const at = line.indexOf("=");
  if (at < 0) throw fault(number, "missing '='");
  const name = line.slice(0, at);
  if (name.trim() === "") throw fault(number, "empty variable name");
  if (/[ \t]$/.test(name)) throw fault(number, "whitespace before '=' is not allowed");
  return [name, line.slice(at + 1)];
}

function fault(line: number, detail: string, how = ""): EnvFileError {
  return new EnvFileError(`invalid environment variable format${how} at line ${line}: ${detail}`);
}
