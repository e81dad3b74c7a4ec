/** What a file of lines/ holds: files to put into the working folder, then command lines, in order. */
export interface Session {
  readonly files: ReadonlyMap<string, string>;
  readonly lines: readonly string[];
}

/** Of each file of lines/ the lines that print something else than with real kubectl, and why. */
export type KnownDifferences = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads `$ command`, `file NAME` with its text behind `| `, and `# remark`. Throws Error for anything else. */
export function readSession(text: string): Session {
  const files = new Map<string, string>();
  const lines: string[] = [];
  let open: string | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("$ ")) lines.push(line.slice(2));
    else if (line.startsWith("file ")) {
      open = line.slice(5);
      files.set(open, "");
    } else if (line.startsWith("| ") && open) files.set(open, `${files.get(open)}${line.slice(2)}\n`);
    else if (line !== "" && !line.startsWith("# ")) throw new Error(`neither a command, a file nor a remark: ${line}`);
  }
  return { files, lines };
}
