import { bytesOf } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import { type Call, type Command, errorLine } from "./define.ts";
import { digestNamed } from "./x509.ts";

const shownNames: Readonly<Record<string, string>> = {
  sha1: "SHA1",
  md5: "MD5",
  sha256: "SHA2-256",
  sha384: "SHA2-384",
  sha512: "SHA2-512",
};

function* digestFiles(call: Call, name: string | undefined): Task<number> {
  const algorithm = (name ?? "sha256").toLowerCase();
  const digest = digestNamed(call, algorithm);
  // Where no digest is named OpenSSL writes the default's other name.
  const shown = name === undefined ? "SHA256" : (shownNames[algorithm] ?? algorithm);
  let status = 0;
  let text = "";
  for (const file of call.operands.length > 0 ? call.operands : [undefined]) {
    const read = yield* call.text(file);
    if (typeof read !== "string") {
      const first = `80000002:system library:file_ctrl:${read.message}:../crypto/bio/bss_file.c:297:calling fopen(${file}, r)`;
      const second = "10080002:BIO routines:file_ctrl:system lib:../crypto/bio/bss_file.c:300:";
      yield* call.say(`${file}: ${read.message}\n${errorLine(call.proc, first)}\n${errorLine(call.proc, second)}`);
      status = 1;
      continue;
    }
    const sum = [...digest(bytesOf(read))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    text += call.has("r") ? `${sum} *${file ?? "stdin"}\n` : `${shown}(${file ?? "stdin"})= ${sum}\n`;
  }
  yield* call.output(text);
  return status;
}

const options = "r out= hex";

/** Sums of files. */
export const dgst: Command = {
  name: "dgst",
  options,
  others: "known digest",
  complaint: ["help", "queue"],
  operands: Number.POSITIVE_INFINITY,
  run: (call) => digestFiles(call, call.value("digest")),
};

/** The same under the name of a digest: `openssl sha256 FILE`. */
export const namedDigests: readonly Command[] = Object.keys(shownNames).map((name) => ({
  ...dgst,
  name,
  run: (call: Call) => digestFiles(call, name),
}));
