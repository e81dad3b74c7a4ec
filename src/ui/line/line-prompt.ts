import type { Completion, LineEvent, LineRequest } from "../../machine/terminal.ts";
import { type EditorState, edit, newEditor, searchPrompt } from "./editor.ts";
import type { Key } from "./keys.ts";
import { type Layout, redraw } from "./render.ts";
import { textWidth } from "./width.ts";

/** What a prompt needs of the screen's owner. */
export interface PromptHost {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  answer(event: LineEvent): void;
}

/** A line being typed: draws prompt and text in its own rows of the normal buffer, and nothing else. */
export class LinePrompt {
  readonly request: LineRequest;
  private readonly host: PromptHost;
  private state: EditorState;
  private last: Layout | undefined;
  private tabs = 0;
  private waiting: { text: string; cursor: number } | undefined;

  constructor(request: LineRequest, host: PromptHost, typedAhead: string) {
    this.request = request;
    this.host = host;
    this.state = newEditor(request.history, typedAhead.replace(/\n$/, ""));
    this.draw();
    if (typedAhead.endsWith("\n")) this.accept();
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
        break;
      case "bell":
        this.host.write("\u0007");
        return;
      default:
    }
    this.draw();
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
  }

  // ---- drawing

  private get prompt(): string {
    return searchPrompt(this.state) ?? this.request.prompt;
  }

  draw(): void {
    const { text, cursor } = this.state;
    const { output, layout } = redraw(this.prompt, text, cursor, this.host.columns, this.last);
    this.last = layout;
    this.host.write(output);
  }

  /** Takes the line off the screen, for output that comes from the background; `draw` brings it back. */
  erase(): void {
    const up = this.last && this.last.row > 0 ? `\u001b[${this.last.row}A` : "";
    this.host.write(`${up}\r\u001b[J`);
    this.last = undefined;
  }

  /** After a resize the terminal has wrapped the rows anew: draw from where the cursor is. */
  resized(): void {
    this.last = undefined;
    this.host.write("\r\u001b[J");
    this.draw();
  }

  // ---- completion

  completed({ from, words, noSpace }: Completion): void {
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
    else if (this.tabs > 1) this.list(words);
    else this.host.write("\u0007");
  }

  private replace(from: number, word: string): void {
    const { text, cursor } = this.state;
    this.state = { ...this.state, text: text.slice(0, from) + word + text.slice(cursor), cursor: from + word.length };
    this.draw();
  }

  private list(words: readonly string[]): void {
    const shown = words.map((word) =>
      /\/./.test(word.replace(/\/$/, "")) && !word.includes(" ") ? lastPart(word) : word,
    );
    const width = Math.max(...shown.map(textWidth)) + 2;
    const perRow = Math.max(1, Math.floor(this.host.columns / width));
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
    this.last = undefined;
    this.host.write(`\r\n${lines.join("\r\n")}\r\n`);
    this.draw();
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
