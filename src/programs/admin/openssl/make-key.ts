import { newKey } from "../../../base/x509/key.ts";
import { newPrivateRsaKey, type PrivateKey } from "../../../base/x509/private-key.ts";
import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { type Call, errorLine, Fault, notSimulated } from "./define.ts";

/** What making an RSA key costs in microseconds of the host's time. */
const RSA_COST = 60_000;

/** Makes an RSA key. Throws Fault for a length that OpenSSL refuses. */
export function* makeRsaKey(call: Call, bits: number): Task<PrivateKey> {
  if (bits < 512) {
    const words =
      "1C8000AB:Provider routines:rsa_gen_set_params:key size too small:../providers/implementations/keymgmt/rsa_kmgmt.c:509:";
    throw new Fault(`Error setting RSA length\n${errorLine(call.proc, words)}`);
  }
  if (bits > 4096) throw notSimulated(`an RSA key of more than 4096 bits`);
  yield* call.proc.step(RSA_COST);
  return newPrivateRsaKey(bits, call.proc.machine.kernel.random);
}

/** Makes a key on P-256. */
export function makeEcKey(proc: Process, curve: string): PrivateKey {
  if (!/^(prime256v1|P-256)$/.test(curve)) throw notSimulated(`the curve ${curve} (prime256v1 is)`);
  return { type: "ec", ec: newKey(proc.machine.kernel.random) };
}

/** The points and pluses that OpenSSL shows while it looks for two primes. */
export function* showProgress(call: Call): Task {
  const { random } = call.proc.machine.kernel;
  const found = `${"+".repeat(65)}`;
  const search = () => Array.from({ length: 5 + random.below(60) }, () => (random.below(5) === 0 ? "+" : ".")).join("");
  const line = () => `.${search()}${found}*.${search()}${found}*.${search()}${found}\n`;
  yield* call.proc.write(2, line() + line());
}
