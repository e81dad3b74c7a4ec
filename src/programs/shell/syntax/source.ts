/** The text that is being read, with its line numbers and what was found wrong in it besides the grammar. */
export class Source {
  readonly text: string;
  readonly errors: { message: string; pos: number }[] = [];
  readonly warnings: { line: number; from: number; delimiter: string }[] = [];
  private readonly firstLine: number;
  private readonly newlines: number[] = [];

  constructor(text: string, firstLine: number) {
    this.text = text;
    this.firstLine = firstLine;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.newlines.push(at);
  }

  /** The number of the line in which `pos` lies. */
  line(pos: number): number {
    let [low, high] = [0, this.newlines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.newlines[middle] as number) < pos) low = middle + 1;
      else high = middle;
    }
    return this.firstLine + low;
  }

  /** The text of the line in which `pos` lies. */
  lineText(pos: number): string {
    const start = this.text.lastIndexOf("\n", pos - 1) + 1;
    const end = this.text.indexOf("\n", pos);
    return this.text.slice(start, end < 0 ? undefined : end);
  }

  /** The number of the last line, counting the end of the text as a line of its own. */
  get lastLine(): number {
    return this.firstLine + this.newlines.length + (this.text.endsWith("\n") ? 0 : 1);
  }
}
