import type { Completion, LineEvent, LineRequest, Terminal } from "./terminal.ts";

const ESCAPE = /^\u001b(?:[[O])([0-9;]*)([A-Za-z~])/;

/** What cursor keys and their like are called here: the final byte of their sequence, with its number before a tilde. */
const named: Readonly<Record<string, Move>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  "1~": "home",
  "4~": "end",
  "3~": "delete",
};
const controls: Readonly<Record<string, Move>> = {
  "\u0001": "home",
  "\u0002": "left",
  "\u0005": "end",
  "\u0006": "right",
  "\u000e": "down",
  "\u0010": "up",
  "\u000b": "kill to end",
  "\u0015": "kill to start",
  "\u0017": "kill word",
  "\u007f": "erase",
  "\b": "erase",
};

type Move =
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end"
  | "delete"
  | "erase"
  | "kill to end"
  | "kill to start"
  | "kill word";

/**
 * Edits lines on a terminal whose keys come one by one from afar (`kubectl exec -it`), as a shell's own editor would:
 * a shell asks its terminal for a line, and gets it from here. Keys that no shell waits for go to the terminal.
 */
export class LineKeys {
  private readonly terminal: Terminal;
  private request: LineRequest | undefined;
  private left = "";
  private right = "";
  /** What is shown of the history; its end is the line being typed. */
  private place = 0;
  private draft = "";

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    terminal.onLineRequest = (request) => this.begin(request);
    terminal.onCompletion = (completion) => this.completed(completion);
  }

  private begin(request: LineRequest | undefined): void {
    this.request = request;
    this.left = "";
    this.right = "";
    this.draft = "";
    if (!request) return;
    this.place = request.history.length;
    this.terminal.show(request.prompt);
    this.input(this.terminal.takeTypeAhead());
  }

  input(keys: string): void {
    for (let rest = keys; rest !== ""; ) {
      if (!this.request) {
        // What comes behind the key that gave the line away may be for another request.
        const first = String.fromCodePoint(rest.codePointAt(0) ?? 0);
        this.terminal.input(first);
        rest = rest.slice(first.length);
        continue;
      }
      const sequence = ESCAPE.exec(rest);
      if (sequence) {
        const move = named[sequence[2] === "~" ? `${sequence[1]}~` : (sequence[2] ?? "")];
        if (move) this.move(move);
        rest = rest.slice(sequence[0].length);
        continue;
      }
      const key = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      this.key(key);
      rest = rest.slice(key.length);
    }
  }

  private key(key: string): void {
    const move = controls[key];
    if (move) this.move(move);
    else if (key === "\r" || key === "\n") this.give({ type: "line", text: this.left + this.right }, "\n");
    else if (key === "\u0003") this.give({ type: "interrupt" }, "^C\n");
    else if (key === "\u0004") {
      if (this.left + this.right === "") this.give({ type: "end" }, "");
      else this.move("delete");
    } else if (key === "\t") {
      const text = this.left + this.right;
      this.terminal.answer({ type: "complete", text, cursor: this.left.length });
    } else if (key === "\u000c") {
      this.terminal.show("\u001b[H\u001b[2J");
      this.draw();
    } else if (key >= " ") {
      this.left += key;
      if (this.right === "") this.terminal.show(key);
      else this.draw();
    }
  }

  private give(event: LineEvent, shown: string): void {
    this.request = undefined;
    this.terminal.show(shown);
    this.terminal.answer(event);
  }

  private move(move: Move): void {
    const text = this.left + this.right;
    if (move === "up" || move === "down") this.recall(move === "up" ? -1 : 1);
    else if (move === "home") this.cut(text, 0);
    else if (move === "end") this.cut(text, text.length);
    else if (move === "left") this.cut(text, this.left.length - lastOf(this.left).length);
    else if (move === "right") this.cut(text, this.left.length + firstOf(this.right).length);
    else if (move === "erase") this.left = this.left.slice(0, this.left.length - lastOf(this.left).length);
    else if (move === "delete") this.right = this.right.slice(firstOf(this.right).length);
    else if (move === "kill to end") this.right = "";
    else if (move === "kill to start") this.left = "";
    else this.left = this.left.replace(/\S*\s*$/, "");
    this.draw();
  }

  private cut(text: string, at: number): void {
    this.left = text.slice(0, at);
    this.right = text.slice(at);
  }

  private recall(step: number): void {
    const history = this.request?.history ?? [];
    const next = this.place + step;
    if (next < 0 || next > history.length) return;
    if (this.place === history.length) this.draft = this.left + this.right;
    this.place = next;
    this.left = history[next] ?? this.draft;
    this.right = "";
  }

  private completed({ from, words, shown, noSpace }: Completion): void {
    if (!this.request || words.length === 0) return;
    const shared = words.reduce((a, b) => a.slice(0, commonLength(a, b)));
    const typed = this.left.slice(from);
    if (words.length === 1 || shared.length > typed.length)
      this.left = this.left.slice(0, from) + shared + (words.length === 1 && !noSpace ? " " : "");
    else this.terminal.show(`\n${shown ? shown.join("\n") : words.join("  ")}\n`);
    this.draw();
  }

  /** The row anew: prompt and text, the cursor where it belongs. */
  private draw(): void {
    const prompt = this.request?.prompt.split("\n").at(-1) ?? "";
    const back = [...this.right].length;
    this.terminal.show(`\r${prompt}${this.left}${this.right}\u001b[K${back === 0 ? "" : `\u001b[${back}D`}`);
  }
}

function lastOf(text: string): string {
  return [...text].pop() ?? "";
}

function firstOf(text: string): string {
  return text === "" ? "" : String.fromCodePoint(text.codePointAt(0) ?? 0);
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
