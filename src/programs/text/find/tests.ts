import { SECOND } from "../../../base/clock.ts";
import { Errno } from "../../../machine/define.ts";
import type { Stat } from "../../../machine/define-files.ts";
import { groupById, groupNamed, userById, userNamed } from "../../../machine/users.ts";
import { type Call, Fail } from "../define.ts";
import { compileRegex } from "../regex/compile.ts";
import { globMatches } from "../shared/glob.ts";
import { parseMode } from "../shared/mode.ts";
import { parseDate } from "../shared/parse-date.ts";
import { baseName } from "../shared/paths.ts";
import { quote } from "../shared/quote.ts";
import type { Test, Walk } from "./define.ts";

const typeLetters: Readonly<Record<string, Stat["kind"]>> = {
  f: "file",
  d: "directory",
  l: "link",
  p: "fifo",
  s: "socket",
  c: "device",
};

/** The test of that name; undefined where there is none. */
export function makeTest(call: Call, walk: Walk, name: string, argument: () => string): Test | undefined {
  switch (name) {
    case "-name":
    case "-iname": {
      const pattern = argument();
      const ignoreCase = name === "-iname";
      return ({ path }) => globMatches(pattern, baseName(path), { ignoreCase });
    }
    case "-path":
    case "-wholename":
    case "-ipath": {
      const pattern = argument();
      return ({ path }) => globMatches(pattern, path, { ignoreCase: name === "-ipath" });
    }
    case "-lname": {
      const pattern = argument();
      return ({ path, stat }) =>
        stat.kind === "link" && globMatches(pattern, call.files.readlink(call.path(path), call.who));
    }
    case "-regex":
    case "-iregex": {
      const { source, extended } = pathRegex(argument(), walk.regexType);
      const pattern = compileRegex(`^${source}$`, { extended, ignoreCase: name === "-iregex" });
      return ({ path }) => pattern.test(path);
    }
    case "-regextype":
      walk.regexType = argument();
      if (!regexTypes.has(walk.regexType)) throw new Fail(`Unknown regular expression type ${quote(walk.regexType)}`);
      return () => true;
    case "-type":
    case "-xtype":
      return typeTest(argument());
    case "-empty":
      return ({ path, stat }) =>
        stat.kind === "directory" ? isEmptyFolder(call, path) : stat.kind === "file" && stat.size === 0;
    case "-true":
      return () => true;
    case "-false":
      return () => false;
    case "-samefile": {
      const file = argument();
      const same = call.files.find(call.path(file), call.who);
      if (!same) throw new Fail(`${quote(file)}: No such file or directory`);
      return ({ stat }) => stat.inode === same.inode;
    }
    case "-prune":
      return () => {
        walk.pruned = true;
        return true;
      };
    case "-readable":
    case "-writable":
    case "-executable": {
      const right = { "-readable": "r", "-writable": "w", "-executable": "x" }[name];
      return ({ path }) => call.files.may(call.path(path), right, call.who);
    }
    default:
      return timeTest(call, name, argument) ?? ownerTest(call, name, argument) ?? numberTest(name, argument);
  }
}

function typeTest(letters: string): Test {
  const kinds = letters.split(",").map((letter) => {
    const kind = typeLetters[letter];
    if (!kind && letter !== "b") throw new Fail(`Unknown argument to -type: ${letter}`);
    return kind;
  });
  return ({ stat }) => kinds.includes(stat.kind);
}

function isEmptyFolder(call: Call, path: string): boolean {
  try {
    return call.files.list(call.path(path), call.who).length === 0;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

/** +n is more than n, -n less. */
function comparison(name: string, text: string): (value: number) => boolean {
  const found = /^([-+]?)(\d+(?:\.\d+)?)$/.exec(text);
  if (!found) throw new Fail(`invalid argument \`${text}' to \`${name}'`);
  const wanted = Number(found[2]);
  if (found[1] === "+") return (value) => value > wanted;
  return found[1] === "-" ? (value) => value < wanted : (value) => value === wanted;
}

const ages: Readonly<Record<string, number>> = {
  "-mtime": 86_400,
  "-atime": 86_400,
  "-ctime": 86_400,
  "-mmin": 60,
  "-amin": 60,
  "-cmin": 60,
};

function timeTest(call: Call, name: string, argument: () => string): Test | undefined {
  const unit = ages[name];
  const { now } = call.proc.machine.kernel.clock;
  if (unit !== undefined) {
    const text = argument();
    const test = comparison(name, text);
    const minutes = unit === 60;
    return ({ stat }) => {
      const age = (now - stat.modified) / SECOND / unit;
      return test(minutes ? (/^[-+]/.test(text) ? age : Math.ceil(age)) : Math.floor(age));
    };
  }
  if (name === "-newer" || name === "-anewer" || name === "-cnewer" || name === "-newermm") {
    const reference = argument();
    const stat = call.files.find(call.path(reference), call.who);
    if (!stat) throw new Fail(`${quote(reference)}: No such file or directory`);
    return (visit) => visit.stat.modified > stat.modified;
  }
  if (name !== "-newermt") return undefined;
  const text = argument();
  const at = parseDate(text, now);
  if (at === undefined) throw new Fail(`I cannot figure out how to interpret ${quote(text)} as a date or time`);
  return ({ stat }) => stat.modified > at;
}

function ownerTest(call: Call, name: string, argument: () => string): Test | undefined {
  switch (name) {
    case "-user": {
      const text = argument();
      const uid = userNamed(call.files, text)?.uid ?? (/^\d+$/.test(text) ? Number(text) : undefined);
      if (uid === undefined) throw new Fail(`${quote(text)} is not the name of a known user`);
      return ({ stat }) => stat.uid === uid;
    }
    case "-group": {
      const text = argument();
      const gid = groupNamed(call.files, text)?.gid ?? (/^\d+$/.test(text) ? Number(text) : undefined);
      if (gid === undefined) throw new Fail(`${quote(text)} is not the name of an existing group`);
      return ({ stat }) => stat.gid === gid;
    }
    case "-nouser":
      return ({ stat }) => userById(call.files, stat.uid) === undefined;
    case "-nogroup":
      return ({ stat }) => groupById(call.files, stat.gid) === undefined;
    case "-perm":
      return permTest(argument());
    default:
      return undefined;
  }
}

function permTest(text: string): Test {
  const how = /^[-/]/.test(text) ? text[0] : "";
  const change = parseMode(how === "" ? text : text.slice(1), 0);
  if (!change) throw new Fail(`invalid mode ${quote(text)}`);
  const wanted = change(0, false);
  if (how === "-") return ({ stat }) => (stat.mode & wanted) === wanted;
  if (how === "/") return ({ stat }) => wanted === 0 || (stat.mode & wanted) !== 0;
  return ({ stat }) => stat.mode === wanted;
}

const sizeUnits: Readonly<Record<string, number>> = {
  c: 1,
  w: 2,
  b: 512,
  "": 512,
  k: 1024,
  M: 1_048_576,
  G: 1_073_741_824,
};

function numberTest(name: string, argument: () => string): Test | undefined {
  if (name === "-size") {
    const text = argument();
    const [, digits, unit = ""] = /^([-+]?\d+)([cwbkMG]?)$/.exec(text) ?? [];
    if (digits === undefined)
      throw new Fail(
        /[a-zA-Z]$/.test(text) ? `invalid -size type \`${text.at(-1)}'` : `Invalid argument \`${text}' to -size`,
      );
    const test = comparison(name, digits);
    return ({ stat }) => test(Math.ceil(stat.size / (sizeUnits[unit] ?? 512)));
  }
  const numbers: Readonly<Record<string, (stat: Stat) => number>> = {
    "-links": (stat) => stat.links,
    "-inum": (stat) => stat.inode,
    "-uid": (stat) => stat.uid,
    "-gid": (stat) => stat.gid,
  };
  const value = numbers[name];
  if (!value) return undefined;
  const test = comparison(name, argument());
  return ({ stat }) => test(value(stat));
}

/** The languages that -regextype takes, and whether each is like an ERE. */
const regexTypes = new Map<string, boolean>([
  ["emacs", true],
  ["findutils-default", true],
  ["ed", false],
  ["sed", false],
  ["grep", false],
  ["posix-basic", false],
  ["posix-minimal-basic", false],
  ["awk", true],
  ["gnu-awk", true],
  ["posix-awk", true],
  ["egrep", true],
  ["posix-egrep", true],
  ["posix-extended", true],
]);

function pathRegex(given: string, type: string): { source: string; extended: boolean } {
  const extended = regexTypes.get(type) ?? true;
  if (type === "emacs" || type === "findutils-default") return { source: fromEmacs(given), extended };
  return { source: extended ? `(${given})` : given, extended };
}

/** Emacs' regular expressions, find's own: groups and | take a backslash, + and ? do not. */
function fromEmacs(source: string): string {
  return source.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]|[(){}|]/g, (sign) => {
    if (/^\\[()|]$/.test(sign)) return sign.slice(1);
    return /^[(){}|]$/.test(sign) ? `\\${sign}` : sign;
  });
}
