import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { Fail } from "../shared/fail.ts";
import { unescapeAwk } from "./lexer.ts";
import type { RecordReader } from "./record-reader.ts";
import { InputText, toNumber } from "./value.ts";
import type { Vm } from "./vm.ts";

const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/;

/** The records of the operands, one file after the other; var=value among them assigns when its turn comes. */
export class MainInput {
  private readonly vm: Vm;
  private reader: RecordReader | undefined;
  private nextOperand = 1;
  private sawFile = false;
  private ended = false;

  constructor(vm: Vm) {
    this.vm = vm;
  }

  /** The next record, NR and FNR counted; undefined at the end of the last file. */
  *next(): Task<string | undefined> {
    const { vm } = this;
    for (;;) {
      if (!this.reader && !this.openNext()) return undefined;
      const record = yield* this.read();
      if (record !== undefined) {
        vm.recordNumber++;
        vm.fileRecordNumber++;
        return record;
      }
      this.skipFile();
    }
  }

  private *read(): Task<string | undefined> {
    try {
      return yield* this.reader?.next(this.vm.recordSeparator) ?? none();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`read error on ${this.vm.text(this.vm.global("FILENAME").value)} (${error.message})`, 2);
    }
  }

  /** nextfile */
  skipFile(): void {
    this.reader?.close();
    this.reader = undefined;
  }

  private openNext(): boolean {
    if (this.ended) return false;
    const { vm } = this;
    const argv = vm.array(vm.global("ARGV"), "ARGV");
    while (this.nextOperand < toNumber(vm.global("ARGC").value)) {
      const operand = vm.text(argv.get(String(this.nextOperand++)));
      if (operand === "") continue;
      const [, name, value] = assignment.exec(operand) ?? [];
      if (name !== undefined) vm.global(name).value = new InputText(unescapeAwk(value ?? ""));
      else {
        this.openFile(operand);
        return true;
      }
    }
    this.ended = true;
    if (this.sawFile) return false;
    this.reader = vm.streams.recordsOf(0);
    return true;
  }

  private openFile(name: string): void {
    const { vm } = this;
    this.sawFile = true;
    try {
      this.reader = vm.streams.recordsOf(name === "-" ? 0 : openFd(vm.proc, name, { read: true }));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`cannot open ${name} (${error.message})`, 2);
    }
    vm.global("FILENAME").value = name;
    vm.fileRecordNumber = 0;
  }
}

function* none(): Task<undefined> {
  return undefined;
}
