import { Fail } from "../shared/fail.ts";
import { type Patterns, splitFields } from "./split.ts";
import { InputText, toText, type Value } from "./value.ts";

/** The most fields a record may have. */
const MOST_FIELDS = 1_000_000;

/** The current record: $0 and its fields, split when first asked for and joined again when one was changed. */
export class FieldRecord {
  separator = " ";
  joiner = " ";
  /** RS is empty: a newline parts fields too. */
  paragraphs = false;
  number: (value: number) => string;
  private readonly patterns: Patterns;
  private whole: Value = undefined;
  private fields: Value[] = [];
  private isSplit = true;
  private isJoined = true;

  constructor(patterns: Patterns, number: (value: number) => string) {
    this.patterns = patterns;
    this.number = number;
  }

  setText(value: Value): void {
    this.whole = typeof value === "string" ? new InputText(value) : value;
    this.isSplit = false;
    this.isJoined = true;
  }

  text(): string {
    return toText(this.get(0), this.number);
  }

  get(index: number): Value {
    if (index === 0) {
      if (!this.isJoined) this.join();
      return this.whole;
    }
    this.check(index);
    if (!this.isSplit) this.split();
    return this.fields[index - 1];
  }

  set(index: number, value: Value): void {
    if (index === 0) {
      this.setText(value);
      return;
    }
    this.check(index);
    if (!this.isSplit) this.split();
    while (this.fields.length < index - 1) this.fields.push("");
    this.fields[index - 1] = value;
    this.isJoined = false;
  }

  get count(): number {
    if (!this.isSplit) this.split();
    return this.fields.length;
  }

  set count(wanted: number) {
    this.check(wanted);
    if (!this.isSplit) this.split();
    while (this.fields.length < wanted) this.fields.push("");
    this.fields.length = wanted;
    this.isJoined = false;
  }

  /** Splits before FS changes, because a record is split by what FS was when it was read. */
  settle(): void {
    if (!this.isSplit) this.split();
  }

  private check(index: number): void {
    if (index < 0 || Number.isNaN(index)) throw new Fail(`run time error: negative field index $${index}`, 2);
    if (index > MOST_FIELDS) throw new Fail(`program limit exceeded: maximum number of fields size=${MOST_FIELDS}`, 2);
  }

  private split(): void {
    const text = toText(this.whole, this.number);
    this.fields = splitFields(text, this.separator, this.patterns, this.paragraphs).map(
      (field) => new InputText(field),
    );
    this.isSplit = true;
  }

  private join(): void {
    this.whole = new InputText(this.fields.map((field) => toText(field, this.number)).join(this.joiner));
    this.isJoined = true;
  }
}
