/** The title of the terminal's window: shows the time where there is no status row. */
export class WindowTitle {
  private readonly write: (text: string) => void;
  private changed = false;
  private text = "";

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  set(text: string): void {
    if (text === this.text) return;
    this.text = text;
    // CSI 22;0t keeps the title that was there (xterm, VTE, iTerm2; others ignore it).
    this.write(`${this.changed ? "" : "\u001b[22;0t"}\u001b]0;${text}\u0007`);
    this.changed = true;
  }

  restore(): void {
    if (this.changed) this.write("\u001b[23;0t");
    this.changed = false;
    this.text = "";
  }
}
