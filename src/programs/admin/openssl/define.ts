import { ExpectedError } from "../../../base/expected-error.ts";
import { Errno, errnoWords, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";

/** One of the programs inside of openssl. */
export interface Command {
  readonly name: string;
  /** Its options by blanks; `in=` takes a value. */
  readonly options: string;
  /** What an option is that stands in no list: any digest, a known digest, or a cipher. */
  readonly others?: "digest" | "known digest" | "cipher";
  /** What it adds when there is no such digest or cipher: where help is, and OpenSSL's error queue. */
  readonly complaint?: readonly ("help" | "queue")[];
  /** How many words may follow the options; none where left out. */
  readonly operands?: number;
  run(call: Call): Task<number>;
}

/** What ends a command: lines for stderr, and its status. */
export class Fault extends ExpectedError {
  readonly status: number;

  constructor(text: string, status = 1) {
    super(text);
    this.status = status;
  }
}

/** What is not simulated says so. */
export const notSimulated = (what: string): Fault => new Fault(`openssl: ${what} is not simulated`);

/** A line of OpenSSL's error queue: which thread, code, library, function, reason, where in the source. */
export function errorLine(proc: Process, rest: string): string {
  const thread = Math.imul(proc.pid, 0x9e3779b1) >>> 0;
  return `40${thread.toString(16).toUpperCase().padStart(8, "0")}7F0000:error:${rest}`;
}

/** What the error queue says of a digest, cipher or kind of key that does not exist. */
export function unknownAlgorithm(proc: Process, name: string): string {
  const where = "../crypto/evp/evp_fetch.c:386:Global default library context";
  const rest = `digital envelope routines:inner_evp_generic_fetch:unsupported:${where}`;
  return errorLine(proc, `0308010C:${rest}, Algorithm (${name} : 0), Properties (<null>)`);
}

const numbers: Partial<Record<Errno["code"], number>> = { EPERM: 1, ENOENT: 2, EACCES: 13, ENOTDIR: 20, EISDIR: 21 };

function systemCode({ code }: Errno): string {
  return (0x80000000 + (numbers[code] ?? 5)).toString(16).toUpperCase();
}

/** What BIO_new_file says (crypto/bio/bss_file.c, 3.0). */
export function bioLines(proc: Process, file: string, mode: "r" | "w", error: Errno): string {
  const first = `${systemCode(error)}:system library:BIO_new_file:${error.message}:../crypto/bio/bss_file.c:67:calling fopen(${file}, ${mode})`;
  const second =
    error.code === "ENOENT"
      ? "10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:"
      : "10080002:BIO routines:BIO_new_file:system lib:../crypto/bio/bss_file.c:77:";
  return `${errorLine(proc, first)}\n${errorLine(proc, second)}`;
}

/** What the store of keys and certificates says of a file that is not there (file_store.c, 3.0). */
function storeLines(proc: Process, file: string, error: Errno): string {
  const scheme =
    "16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file";
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR")
    return `${errorLine(proc, scheme)}\n${bioLines(proc, file, "r", error).replace(`(${file}, r)`, `(${file}, rb)`)}`;
  const stat = `${systemCode(error)}:system library:file_open:${error.message}:../providers/implementations/storemgmt/file_store.c:266:calling stat(${file})`;
  return `${errorLine(proc, scheme)}\n${errorLine(proc, stat)}`;
}

/** A command line, read; and the ways to its files. */
export class Call {
  readonly proc: Process;
  readonly name: string;
  /** Options in the order they were given. */
  readonly given: (readonly [name: string, value: string])[] = [];
  readonly operands: string[] = [];

  constructor(proc: Process, command: Command, argv: readonly string[]) {
    this.proc = proc;
    this.name = command.name;
    const takes = new Map(command.options.split(" ").map((one) => [one.replace("=", ""), one.endsWith("=")]));
    const words = [...argv];
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      if (!/^-./.test(word) || word === "--") {
        this.operands.push(...(word === "--" ? [] : [word]), ...words);
        break;
      }
      const [, option = "", , attached] = /^--?([^=]*)(=(.*))?$/s.exec(word) ?? [];
      const wantsValue = takes.get(option);
      if (wantsValue === undefined) this.other(command, option);
      else if (!wantsValue) this.given.push([option, ""]);
      else {
        const value = attached ?? words.shift();
        if (value === undefined) throw this.misuse(`Option -${option} needs a value`);
        this.given.push([option, value]);
      }
    }
    if (this.operands.length > (command.operands ?? 0) && command.operands !== Number.POSITIVE_INFINITY)
      throw new Fault(`${this.name}: Use -help for summary.`);
  }

  private other({ others, complaint = ["help"] }: Command, option: string): void {
    if (others === "digest" || (others !== undefined && isDigest(option))) {
      this.given.push(["digest", option]);
      return;
    }
    if (others === undefined) throw this.misuse(`Unknown option: -${option}`);
    const what = others === "cipher" ? "Unknown cipher" : "Unknown option or message digest";
    throw unknownWord(this, option, what, complaint);
  }

  misuse(words: string): Fault {
    return new Fault(`${this.name}: ${words}\n${this.name}: Use -help for summary.`);
  }

  has(name: string): boolean {
    return this.given.some(([one]) => one === name);
  }

  value(name: string): string | undefined {
    return this.given.findLast(([one]) => one === name)?.[1];
  }

  all(name: string): readonly string[] {
    return this.given.filter(([one]) => one === name).map(([, value]) => value);
  }

  /** A number in an option's value. Throws Fault. */
  number(name: string): number | undefined {
    const text = this.value(name);
    if (text === undefined) return undefined;
    if (!/^-?\d+$/.test(text)) throw this.misuse(`Can't parse "${text}" as a number`);
    return Number(text);
  }

  /** Everything in a file (stdin where there is none); an Errno where it cannot be read. */
  *text(file: string | undefined): Task<string | Errno> {
    if (file === undefined) return yield* this.proc.readAll(0);
    try {
      const fd = openFd(this.proc, file, { read: true });
      const text = yield* this.proc.readAll(fd);
      this.proc.close(fd);
      return text;
    } catch (error) {
      if (error instanceof Errno) return error;
      throw error;
    }
  }

  /** A file that is read as such. Throws Fault; `trailer` is what the command adds to it. */
  *input(file: string | undefined, trailer?: string): Task<string> {
    const text = yield* this.text(file);
    if (typeof text === "string") return text;
    const words = `Can't open "${file}" for reading, ${text.message}\n${bioLines(this.proc, file ?? "", "r", text)}`;
    throw new Fault(trailer === undefined ? words : `${words}\n${trailer}`);
  }

  /** A file that keys and certificates are loaded from. Throws Fault. */
  *loaded<T>(
    file: string | undefined,
    what: string,
    read: (text: string) => T | undefined,
    unable?: string,
    status = 1,
  ): Task<T> {
    const text = yield* this.text(file);
    const end = unable === undefined ? "" : `\n${unable}`;
    if (typeof text !== "string")
      throw new Fault(
        `Could not open file or uri for loading ${what} from ${file}\n${storeLines(this.proc, file ?? "", text)}${end}`,
        status,
      );
    const found = read(text);
    if (found !== undefined) return found;
    const unsupported =
      "1608010C:STORE routines:ossl_store_handle_load_result:unsupported:../crypto/store/store_result.c:149:";
    const more = text.includes("-----BEGIN ") ? `\n${errorLine(this.proc, unsupported)}` : "";
    throw new Fault(`Could not read ${what} from ${file ?? "<stdin>"}${more}${end}`, status);
  }

  /** Writes where -out (or another option) says, or to stdout. Throws Fault. */
  *output(text: string, file = this.value("out"), secret = false): Task {
    if (file === undefined) return yield* this.proc.write(1, text);
    try {
      const fd = openFd(this.proc, file, { write: true, create: true, truncate: true, mode: secret ? 0o600 : 0o666 });
      yield* this.proc.write(fd, text);
      this.proc.close(fd);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const words = `Can't open "${file}" for writing, ${errnoWords[error.code]}`;
      throw new Fault(secret ? `${this.name}: ${words}` : `${words}\n${bioLines(this.proc, file, "w", error)}`);
    }
  }

  say(text: string): Task {
    return this.proc.write(2, `${text}\n`);
  }
}

/** Whether a word names a digest that is known here. */
export function isDigest(word: string): boolean {
  return /^(sha1|sha256|sha384|sha512|md5)$/.test(word.toLowerCase());
}

function unknownWord(
  { name, proc }: Call,
  word: string,
  what: string,
  complaint: readonly ("help" | "queue")[],
): Fault {
  if (/^(aes|aria|camellia|des)/.test(word)) return notSimulated(`a key with a pass phrase (-${word})`);
  const lines = [
    `${name}: ${what}: ${word}`,
    ...(complaint.includes("help") ? [`${name}: Use -help for summary.`] : []),
    ...(complaint.includes("queue") ? [unknownAlgorithm(proc, word)] : []),
  ];
  return new Fault(lines.join("\n"));
}

/** Why a key cannot be written with this cipher. */
export function cipherFault(call: Call, cipher: string, complaint: readonly ("help" | "queue")[]): Fault {
  return unknownWord(call, cipher, "Unknown cipher", complaint);
}
