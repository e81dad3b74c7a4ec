/** A key as the editor knows it: a name (left, home, ctrl-a, alt-b, enter, tab …) or text to insert. */
export type Key =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "paste"; readonly text: string }
  | { readonly type: "key"; readonly name: string };

/** A key with what the terminal sent for it. */
export type TypedKey = Key & { readonly raw: string };

const named: Readonly<Record<string, string>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[2~": "insert",
  "[3~": "delete",
  "[4~": "end",
  "[5~": "page-up",
  "[6~": "page-down",
  "[7~": "home",
  "[8~": "end",
  "[1;5C": "alt-f",
  "[1;5D": "alt-b",
  "[1;3C": "alt-f",
  "[1;3D": "alt-b",
  "[Z": "shift-tab",
  OP: "f1",
  OQ: "f2",
  OR: "f3",
  OS: "f4",
  "[11~": "f1",
  "[12~": "f2",
  "[13~": "f3",
  "[14~": "f4",
  "[15~": "f5",
  "[17~": "f6",
  "[18~": "f7",
  "[19~": "f8",
  "[20~": "f9",
  "[21~": "f10",
  // The console of Linux.
  "[[A": "f1",
  "[[B": "f2",
  "[[C": "f3",
  "[[D": "f4",
  "[[E": "f5",
};

const PASTE_BEGIN = "\u001b[200~";
const PASTE_END = "\u001b[201~";

/** Splits what a terminal sends into keys. Feed it chunks; an unfinished sequence waits for the next one, or for `flush`. */
export class KeyReader {
  private rest = "";

  /** Whether a lone ESC or half a sequence waits: then call `flush` after a moment. */
  get waiting(): boolean {
    return this.rest !== "";
  }

  read(chunk: string): TypedKey[] {
    this.rest += chunk;
    const keys: TypedKey[] = [];
    for (;;) {
      const { rest } = this;
      const key = this.next();
      if (!key) return keys;
      keys.push({ ...key, raw: rest.slice(0, rest.length - this.rest.length) });
    }
  }

  /** Nothing more came: what waits is what it is (ESC alone). */
  flush(): TypedKey[] {
    const { rest } = this;
    this.rest = "";
    if (rest === "") return [];
    if (rest.startsWith(PASTE_BEGIN)) {
      this.rest = rest;
      return [];
    }
    return [
      { type: "key", name: "escape", raw: "\u001b" },
      ...(rest.length > 1 ? new KeyReader().read(rest.slice(1)) : []),
    ];
  }

  private next(): Key | undefined {
    const { rest } = this;
    if (rest === "") return undefined;
    if (rest.startsWith("\u001b")) return this.escape();
    const text = /^[^\u0000-\u001f\u007f]+/.exec(rest)?.[0];
    if (text) {
      this.rest = rest.slice(text.length);
      return { type: "text", text };
    }
    this.rest = rest.slice(1);
    return { type: "key", name: controlName(rest.charCodeAt(0)) };
  }

  private escape(): Key | undefined {
    const { rest } = this;
    if (PASTE_BEGIN.startsWith(rest) && rest.length > 2) return undefined;
    if (rest.startsWith(PASTE_BEGIN)) {
      const end = rest.indexOf(PASTE_END);
      if (end < 0) return undefined;
      this.rest = rest.slice(end + PASTE_END.length);
      return { type: "paste", text: rest.slice(PASTE_BEGIN.length, end).replace(/\r\n?/g, "\n") };
    }
    const sequence = /^\u001b(\[\[[A-E]|\[(?!\[)[0-9;?]*[ -/]*[@-~]|O[A-Za-z])/.exec(rest);
    if (sequence?.[1]) {
      this.rest = rest.slice(sequence[0].length);
      return { type: "key", name: named[sequence[1]] ?? "unknown" };
    }
    if (/^\u001b(\[\[|\[[0-9;?]*|O)?$/.test(rest)) return undefined;
    const [after = ""] = [...rest.slice(1)];
    this.rest = rest.slice(1 + after.length);
    const code = after.charCodeAt(0);
    if (code === 0x7f || code === 8) return { type: "key", name: "alt-backspace" };
    return { type: "key", name: code < 32 ? `alt-${controlName(code)}` : `alt-${after}` };
  }
}

function controlName(code: number): string {
  if (code === 13 || code === 10) return "enter";
  if (code === 9) return "tab";
  if (code === 127 || code === 8) return "backspace";
  if (code === 28) return "ctrl-\\";
  if (code === 31) return "ctrl-_";
  return `ctrl-${String.fromCharCode(code + 96)}`;
}
