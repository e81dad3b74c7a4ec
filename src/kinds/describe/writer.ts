import { tabText } from "../../base/tab-text.ts";

/** Columns of describe: two blanks apart, each block of lines by itself (kubectl pkg/describe tabbedString, 1.33). */
const style = { minWidth: 0, padding: 2 };

interface Pages {
  laidOut: string;
  text: string;
}

/** What a describe has written so far: lines at levels of indentation, with tabs that become columns. */
export class Writer {
  private readonly pages: Pages;
  private readonly base: number;

  constructor(pages: Pages = { laidOut: "", text: "" }, base = 0) {
    this.pages = pages;
    this.base = base;
  }

  /** Adds text behind the blanks of its level; a line may be made of several such texts. */
  add(level: number, text: string): void {
    this.pages.text += "  ".repeat(level + this.base) + text;
  }

  /** Adds a whole line. */
  line(level: number, text: string): void {
    this.add(level, `${text}\n`);
  }

  /** Adds a line of a title and a value. */
  field(level: number, title: string, value: string | number | boolean): void {
    this.add(level, `${title}:\t${value}\n`);
  }

  /** What is written from here on has columns of its own. */
  flush(): void {
    this.pages.laidOut += tabText(visible(this.pages.text), style);
    this.pages.text = "";
  }

  /** The same text, but everything is written so many levels deeper: for an object within an object. */
  deeper(levels: number): Writer {
    return new Writer(this.pages, this.base + levels);
  }

  text(): string {
    this.flush();
    return this.pages.laidOut;
  }
}

/** Characters that would steer the terminal, made visible (cli-runtime printers WriteEscaped, 1.33). */
function visible(text: string): string {
  return /[\x1b\r]/.test(text) ? text.replaceAll("\x1b", "^[").replaceAll("\r", "\\r") : text;
}
