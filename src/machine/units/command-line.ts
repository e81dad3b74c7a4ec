/** A command of a unit: ExecStart= and the like. */
export interface UnitCommand {
  /** The words before variables are put in. */
  readonly words: readonly string[];
  /** Its failure does not matter (a leading -). */
  readonly ignoresFailure: boolean;
  /** argv[0] is the second word (a leading @). */
  readonly namesItself: boolean;
  /** Variables are left as they are (a leading :). */
  readonly literal: boolean;
}

/** Splits a command line as systemd.service(5) says: quotes, C escapes, prefixes of the executable. */
export function parseCommand(line: string): UnitCommand {
  const words = splitWords(line);
  const prefix = /^[-@:+!]*/.exec(words[0] ?? "")?.[0] ?? "";
  words[0] = (words[0] ?? "").slice(prefix.length);
  return {
    words,
    ignoresFailure: prefix.includes("-"),
    namesItself: prefix.includes("@"),
    literal: prefix.includes(":"),
  };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", s: " ", r: "\r", "\\": "\\", '"': '"', "'": "'" };

/** The words of a line, with quotes taken off. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (character === "\\" && i + 1 < line.length) {
      const next = line[++i] as string;
      word = (word ?? "") + (escapes[next] ?? `\\${next}`);
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if ((character === '"' || character === "'") && word === undefined) {
      quote = character;
      word = "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Puts variables in: $NAME as a word of its own is split at blanks, ${NAME} is not. `unset` hears of missing ones. */
export function expandWords(
  command: UnitCommand,
  env: ReadonlyMap<string, string>,
  unset: (name: string) => void,
): readonly string[] {
  if (command.literal) return command.words;
  const valueFor = (name: string) => {
    const value = env.get(name);
    if (value === undefined) unset(name);
    return value ?? "";
  };
  return command.words.flatMap((word, index) => {
    const alone = index === 0 ? undefined : /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
    if (alone !== undefined)
      return valueFor(alone)
        .split(/\s+/)
        .filter((part) => part !== "");
    return [
      word.replace(/\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g, (whole, braced?: string, bare?: string) =>
        whole === "$$" ? "$" : valueFor(braced ?? bare ?? ""),
      ),
    ];
  });
}

/** The assignments of an Environment= line. */
export function parseEnvironment(line: string): readonly (readonly [name: string, value: string])[] {
  return assignmentWords(line).flatMap((word) => {
    const equals = word.indexOf("=");
    return equals > 0 ? [[word.slice(0, equals), word.slice(equals + 1)] as const] : [];
  });
}

/** Like splitWords, but quotes may begin inside a word: A="b c". */
function assignmentWords(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']|"(?:\\.|[^"\\])*"|'[^']*')+/g) ?? [];
  return words.map(unquote);
}

function unquote(text: string): string {
  return text.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_whole, double?: string, single?: string) =>
    double === undefined ? (single ?? "") : double.replace(/\\(.)/g, "$1"),
  );
}

/** The lines of an EnvironmentFile=. */
export function parseEnvironmentFile(text: string): readonly (readonly [name: string, value: string])[] {
  return text
    .replaceAll("\\\n", "")
    .split("\n")
    .flatMap((raw) => {
      const line = raw.trim();
      const equals = line.indexOf("=");
      if (/^[#;]/.test(line) || equals <= 0) return [];
      return [[line.slice(0, equals).trim(), unquote(line.slice(equals + 1).trim())] as const];
    });
}
