/** The lines typed at an interactive shell. */
export class History {
  readonly lines: string[] = [];
  /** When each was typed, in seconds, where that is known. */
  readonly times: (number | undefined)[] = [];
  /** The number of the first line that is still kept. */
  first = 1;
  /** How many lines are in the history file already (history -a). */
  saved = 0;

  add(line: string, at: number | undefined, limit: number): void {
    this.lines.push(line);
    this.times.push(at);
    while (this.lines.length > limit) this.remove(0);
  }

  remove(index: number): void {
    this.lines.splice(index, 1);
    this.times.splice(index, 1);
    if (index === 0) this.first++;
    if (index < this.saved) this.saved--;
  }

  clear(): void {
    this.lines.length = 0;
    this.times.length = 0;
    this.first = 1;
    this.saved = 0;
  }

  /** The line with this number; negative numbers count from the end. */
  numbered(number: number): string | undefined {
    return number < 0 ? this.lines[this.lines.length + number] : this.lines[number - this.first];
  }
}
