import type { Call } from "../define.ts";
import { textWidth } from "../shared/text-width.ts";
import type { Change, Lines } from "./define.ts";

const TAB = 8;

/** -y: both texts in columns, a sign between them. */
export function sideBySide(call: Call, changes: readonly Change[], old: Lines, now: Lines): string {
  const page = new Page(Number(call.value("W") ?? 130), call.has("t"));
  const common = (at: number, beside: number) => {
    if (call.has("suppress-common-lines")) return;
    page.row(
      line(old, at),
      call.has("left-column") ? "(" : " ",
      call.has("left-column") ? undefined : line(now, beside),
    );
  };
  let [i, j] = [0, 0];
  for (const change of changes) {
    while (i < change.oldStart) common(i++, j++);
    const both = Math.min(change.oldCount, change.newCount);
    for (let at = 0; at < both; at++) page.row(line(old, i++), change.ignorable ? " " : "|", line(now, j++));
    while (i < change.oldStart + change.oldCount) page.row(line(old, i++), change.ignorable ? " " : "<", undefined);
    while (j < change.newStart + change.newCount) page.row(undefined, change.ignorable ? " " : ">", line(now, j++));
  }
  while (i < old.lines.length) common(i++, j++);
  return page.text;
}

interface Half {
  readonly text: string;
  readonly terminated: boolean;
}

function line(side: Lines, at: number): Half {
  return { text: side.lines[at] ?? "", terminated: !(side.unterminated && at === side.lines.length - 1) };
}

class Page {
  text = "";
  private readonly half: number;
  private readonly second: number;
  private readonly expand: boolean;

  constructor(width: number, expand: boolean) {
    const tab = expand ? 1 : TAB;
    const middle = Math.floor((width + tab + 3) / (2 * tab)) * tab;
    this.half = Math.max(0, Math.min(middle - 3, width - middle));
    this.second = this.half > 0 ? middle : width;
    this.expand = expand;
  }

  row(left: Half | undefined, given: string, right: Half | undefined): void {
    let column = left ? this.put(left.text, 0) : 0;
    let sign = given;
    if (sign === "|" && left?.terminated !== right?.terminated) sign = left?.terminated ? "/" : "\\";
    if (sign !== " ") {
      column = this.tabTo(column, Math.floor((this.half + this.second - 1) / 2)) + 1;
      this.text += sign;
    }
    if (right && right.text !== "") {
      column = this.tabTo(column, this.second);
      this.put(right.text, column);
    }
    if (left?.terminated || right?.terminated) this.text += "\n";
  }

  /** As much of a line as its half holds; returns the column after it. */
  private put(text: string, from: number): number {
    let inHalf = 0;
    for (const character of text) {
      if (character === "\t") {
        const next = inHalf + TAB - (inHalf % TAB);
        if (next > this.half) break;
        this.text += this.expand ? " ".repeat(next - inHalf) : "\t";
        inHalf = next;
        continue;
      }
      const width = textWidth(character);
      if (inHalf + width > this.half) break;
      this.text += character;
      inHalf += width;
    }
    return from + inHalf;
  }

  private tabTo(from: number, to: number): number {
    let at = from;
    if (!this.expand) {
      for (let tab = at + TAB - (at % TAB); tab <= to; tab += TAB) {
        this.text += "\t";
        at = tab;
      }
    }
    if (at < to) this.text += " ".repeat(to - at);
    return to;
  }
}
