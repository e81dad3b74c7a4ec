/** How much is kept, in characters. */
const LIMIT = 1_000_000;

/** What is written while an overlay or an editor has the screen; of very much only the end is kept. */
export class HeldOutput {
  private texts: string[] = [];
  private length = 0;

  push(text: string): void {
    this.texts.push(text);
    this.length += text.length;
    while (this.length > LIMIT && this.texts.length > 1) this.length -= this.texts.shift()?.length ?? 0;
  }

  take(): string {
    const all = this.texts.join("");
    this.texts = [];
    this.length = 0;
    return all;
  }
}
