import type { Completion, LineEvent, LineRequest } from "../../machine/terminal.ts";
import { type EditorState, edit, newEditor, searchPrompt } from "./editor.ts";
import type { Key } from "./keys.ts";
import { cleared, type Layout, layout, redraw } from "./render.ts";
import { textWidth } from "./width.ts";

/** What a prompt needs of the screen's owner. */
export interface PromptHost {
  columns(): number;
  write(text: string): void;
  answer(event: LineEvent): void;
}

/** A line being typed: draws prompt and text in its own rows of the normal buffer, and nothing else. */
export class LinePrompt {
  readonly request: LineRequest;
  private readonly host: PromptHost;
  private state: EditorState;
  private last: Layout | undefined;
  /** The column of the prompt: behind what a program wrote without a newline. */
  private start = 0;
  private tabs = 0;
  private waiting: { text: string; cursor: number } | undefined;

  constructor(request: LineRequest, host: PromptHost, column: number) {
    this.request = request;
    this.host = host;
    this.state = newEditor(request.history);
    this.drawAt(column);
  }

  get text(): string {
    return this.state.text;
  }

  key(key: Key): void {
    const { state, action } = edit(this.state, key, this.request.history);
    this.state = state;
    if (action !== "complete") this.tabs = 0;
    switch (action) {
      case "accept":
        this.accept();
        return;
      case "end":
        this.leave("");
        this.host.answer({ type: "end" });
        return;
      case "interrupt":
        this.leave("^C");
        this.host.answer({ type: "interrupt" });
        return;
      case "complete":
        this.tabs++;
        this.waiting = { text: state.text, cursor: state.cursor };
        this.host.answer({ type: "complete", ...this.waiting });
        return;
      case "clear":
        this.host.write("\u001b[H\u001b[2J");
        this.last = undefined;
        this.start = 0;
        break;
      case "bell":
        this.host.write("\u0007");
        return;
      default:
    }
    this.draw();
  }

  /** Whether ESC means Alt here: not while it ends a search. */
  get takesMeta(): boolean {
    return this.state.search === undefined;
  }

  /** The shell no longer asks: what was typed stays where it is. */
  abandon(): void {
    this.leave("");
  }

  private accept(): void {
    const { text } = this.state;
    this.leave("");
    this.host.answer({ type: "line", text });
  }

  /** Leaves the line as it is and goes to the row below. */
  private leave(mark: string): void {
    this.state = { ...this.state, cursor: this.state.text.length, search: undefined };
    this.draw();
    this.host.write(`${mark}\r\n`);
    this.last = undefined;
    this.start = 0;
  }

  /** Goes below the line without changing what is typed. */
  private leaveRows(): void {
    const { state } = this;
    this.leave("");
    this.state = state;
  }

  // ---- drawing

  private get prompt(): string {
    return searchPrompt(this.state) ?? this.request.prompt;
  }

  draw(): void {
    const { text, cursor } = this.state;
    const { output, layout: next } = redraw(this.prompt, text, cursor, this.host.columns(), this.last, this.start);
    this.last = next;
    this.host.write(output);
  }

  /** Draws behind what stands in the cursor's row up to `column`. */
  drawAt(column: number): void {
    const full = column >= this.host.columns();
    if (full) this.host.write("\r\n");
    this.start = full ? 0 : column;
    this.last = undefined;
    this.draw();
  }

  /** Takes the line off the screen, for output that comes from the background; `drawAt` brings it back. */
  erase(): void {
    if (!this.last) return;
    this.host.write(cleared(this.last, this.start));
    this.last = undefined;
  }

  /** After a resize the terminal has wrapped the rows anew: the cursor went with its character. */
  resized(): void {
    const { text, cursor } = this.state;
    this.start = Math.min(this.start, this.host.columns() - 1);
    if (this.last) this.last = layout(this.prompt, text, cursor, this.host.columns(), this.start);
    this.draw();
  }

  // ---- completion

  completed({ from, words, shown, noSpace }: Completion): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (!waiting || waiting.text !== this.state.text || waiting.cursor !== this.state.cursor) return;
    const typed = waiting.text.slice(from, waiting.cursor);
    if (words.length === 0) {
      this.host.write("\u0007");
      return;
    }
    const [only] = words;
    const common = commonPrefix(words);
    if (words.length === 1 && only !== undefined) this.replace(from, noSpace || /[/=]$/.test(only) ? only : `${only} `);
    else if (common.length > typed.length) this.replace(from, common);
    else if (this.tabs > 1) this.list(shown ?? words);
    else this.host.write("\u0007");
  }

  private replace(from: number, word: string): void {
    // Readline lists only after a Tab that changed nothing.
    this.tabs = 0;
    const { text, cursor } = this.state;
    this.state = { ...this.state, text: text.slice(0, from) + word + text.slice(cursor), cursor: from + word.length };
    this.draw();
  }

  private list(words: readonly string[]): void {
    const shown = words.map((word) =>
      /\/./.test(word.replace(/\/$/, "")) && !word.includes(" ") ? lastPart(word) : word,
    );
    const width = Math.max(...shown.map(textWidth)) + 2;
    const perRow = Math.max(1, Math.floor(this.host.columns() / width));
    const rows = Math.ceil(shown.length / perRow);
    const lines: string[] = [];
    for (let row = 0; row < rows; row++) {
      const cells = shown.filter((_word, i) => i % rows === row);
      lines.push(
        cells
          .map((word) => word + " ".repeat(width - textWidth(word)))
          .join("")
          .trimEnd(),
      );
    }
    this.leaveRows();
    this.host.write(`${lines.join("\r\n")}\r\n`);
    this.drawAt(0);
  }
}

/** Of a path only the last part is listed, as readline does. */
function lastPart(word: string): string {
  const slash = word.replace(/\/$/, "").lastIndexOf("/");
  return word.slice(slash + 1);
}

function commonPrefix(words: readonly string[]): string {
  let prefix = words[0] ?? "";
  for (const word of words) while (!word.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}
