import type { Task } from "../../../machine/define.ts";
import { chainOf } from "./chain.ts";
import { bioLines, type Call, type Command, errorLine, Fault } from "./define.ts";
import { nameText } from "./names.ts";
import { type CertificateParts, certificatesIn } from "./parts.ts";

/** Where Debian keeps the authorities that everybody trusts. */
const SYSTEM = "/etc/ssl/certs/ca-certificates.crt";

/** The authorities in a file that -CAfile names, or the system's. Throws Fault. */
export function* authorities(call: Call): Task<readonly CertificateParts[]> {
  const file = call.value("CAfile");
  const text = yield* call.text(file ?? SYSTEM);
  if (typeof text === "string") return certificatesIn(text);
  if (file === undefined) return [];
  const words =
    "05880002:x509 certificate routines:X509_load_cert_crl_file_ex:system lib:../crypto/x509/by_file.c:229:";
  throw new Fault(
    `Error loading file ${file}\n${bioLines(call.proc, file, "r", text)}\n${errorLine(call.proc, words)}`,
  );
}

/** Checks certificates against authorities. */
export const verify: Command = {
  name: "verify",
  options: "CAfile= untrusted= verbose CApath= purpose= x509_strict show_chain partial_chain",
  operands: Number.POSITIVE_INFINITY,
  *run(call) {
    const trusted = yield* authorities(call);
    const extra = call.value("untrusted");
    const untrusted = extra === undefined ? [] : yield* call.loaded(extra, "untrusted certificates", certificatesIn);
    let status = 0;
    for (const file of call.operands.length > 0 ? call.operands : [undefined]) {
      const good = yield* verifyOne(call, file, trusted, untrusted);
      if (!good) status = 2;
    }
    return status;
  },
};

function* verifyOne(
  call: Call,
  file: string | undefined,
  trusted: readonly CertificateParts[],
  untrusted: readonly CertificateParts[],
): Task<boolean> {
  const what = "certificate file";
  const unable = `Unable to load ${what}`;
  try {
    const leaf = yield* call.loaded(file, what, (text) => certificatesIn(text)[0], unable);
    const { certificates, fault } = chainOf(leaf, trusted, untrusted, call.proc.machine.kernel.clock.now);
    const name = file ?? "stdin";
    if (!fault) {
      yield* call.proc.write(1, `${name}: OK\n`);
      return true;
    }
    const about = certificates[fault.depth] ?? leaf;
    yield* call.say(
      `${nameText(about.subject)}\nerror ${fault.code} at ${fault.depth} depth lookup: ${fault.words}\nerror ${name}: verification failed`,
    );
    return false;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    yield* call.say(error.message);
    return false;
  }
}
