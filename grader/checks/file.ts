import { FormatError } from "../../src/base/format-error.ts";
import { guestRegex } from "../../src/base/regex.ts";
import { Errno } from "../../src/machine/define.ts";
import { type Files, root } from "../../src/machine/define-files.ts";
import { groupById, userById } from "../../src/machine/users.ts";
import type { Check } from "../define.ts";
import { splitPath } from "../words.ts";
import type { Values } from "../yaml/fields.ts";
import { flag, may, must, oneOrMore, spelled, text } from "../yaml/fields.ts";

const fields = {
  file: must(text),
  contains: may(oneOrMore(text)),
  equals: may(text),
  matches: may(text),
  absent: may(flag),
  mode: may(spelled),
  owner: may(text),
};

/** A file of a host: `file: worker-1:/etc/hosts, contains: …`. Newlines at the end do not count; `matches` is RE2, by lines. */
export const file: Check<typeof fields> = {
  name: "file",
  fields,
  problem(values) {
    if (!splitPath(values.file)) return `${values.file} is no place like worker-1:/etc/hosts`;
    if (values.mode !== undefined && !/^[0-7]{3,4}$/.test(values.mode)) return `${values.mode} is no octal mode`;
    try {
      guestRegex(values.matches ?? "", "m");
    } catch (error) {
      if (error instanceof FormatError) return error.message;
      throw error;
    }
    return undefined;
  },
  examine(view, values) {
    const [host = "", path = ""] = splitPath(values.file) ?? [];
    const files = view.files(host);
    const stat = files.find(path, root);
    if (values.absent === true) return stat ? `${values.file} is there` : undefined;
    if (!stat) return `there is no ${values.file}`;
    if (stat.kind === "directory" && hasTextRule(values)) return `${values.file} is a directory`;
    return (
      attributeProblem(files, path, values) ?? (hasTextRule(values) ? textProblem(files, path, values) : undefined)
    );
  },
};

function hasTextRule({ contains, equals, matches }: Values<typeof fields>): boolean {
  return contains !== undefined || equals !== undefined || matches !== undefined;
}

function textProblem(files: Files, path: string, values: Values<typeof fields>): string | undefined {
  let content: string;
  try {
    content = files.read(path, root);
  } catch (error) {
    if (error instanceof Errno) return `${values.file}: ${error.message}`;
    throw error;
  }
  const missing = values.contains?.find((part) => !content.includes(part));
  if (missing !== undefined) return `${values.file} does not contain ${JSON.stringify(missing)}`;
  if (values.equals !== undefined && trimmed(content) !== trimmed(values.equals))
    return `${values.file} says ${excerpt(content)}, expected ${excerpt(values.equals)}`;
  if (values.matches !== undefined && !guestRegex(values.matches, "m").test(content))
    return `${values.file} does not match ${values.matches}`;
  return undefined;
}

function attributeProblem(
  files: Files,
  path: string,
  { file, mode, owner }: Values<typeof fields>,
): string | undefined {
  const stat = files.stat(path, root);
  const actual = stat.mode.toString(8).padStart(4, "0");
  if (mode !== undefined && Number.parseInt(mode, 8) !== stat.mode)
    return `${file} has mode ${actual}, expected ${mode.padStart(4, "0")}`;
  if (owner === undefined) return undefined;
  const user = userById(files, stat.uid)?.name ?? String(stat.uid);
  const group = groupById(files, stat.gid)?.name ?? String(stat.gid);
  const is = owner.includes(":") ? `${user}:${group}` : user;
  return is === owner ? undefined : `${file} belongs to ${is}, expected ${owner}`;
}

function trimmed(content: string): string {
  return content.replace(/\n+$/, "");
}

function excerpt(content: string): string {
  const short = trimmed(content);
  return JSON.stringify(short.length > 80 ? `${short.slice(0, 77)}...` : short);
}
