/** The flags of a daemon's command line. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** `--name=value`, `--name value` for names that take one, `--name` for switches. A repeated flag's values are joined by a comma. */
export function parseFlags(argv: readonly string[], known: ReadonlySet<string>): { flags: Flags } | { error: string } {
  const flags: Record<string, string> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    const match = /^--?([A-Za-z0-9][A-Za-z0-9.-]*)(?:=([\s\S]*))?$/.exec(word);
    if (!match?.[1]) return { error: `unknown command "${word}"` };
    const name = match[1];
    if (!known.has(name)) return { error: `unknown flag: --${name}` };
    let value = match[2];
    if (value === undefined) {
      const next = argv[i + 1];
      value = next !== undefined && !next.startsWith("-") ? next : "true";
      if (value === next) i++;
    }
    flags[name] = flags[name] === undefined ? value : `${flags[name]},${value}`;
  }
  return { flags };
}
