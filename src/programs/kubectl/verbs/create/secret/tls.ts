import { Errno } from "../../../../../machine/define.ts";
import { pathOf } from "../../../../../machine/open-path.ts";
import type { Context } from "../../../context.ts";
import type { Verb } from "../../../define.ts";
import { CommandFault } from "../../../faults.ts";
import { textFlag } from "../../../flag-types.ts";
import { appendHashFlag, generatedSecret } from "../../../generate-secret.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../../generator.ts";
import { goErrno } from "../../../go-errno.ts";
import { keyPairProblem } from "../../../key-pair-problem.ts";

const flags = {
  ...generatorFlags,
  "append-hash": appendHashFlag,
  cert: textFlag("The file with the certificate."),
  key: textFlag("The file with its private key."),
};

/** Makes a Secret with a certificate and its key. */
export const tls: Verb<typeof flags> = {
  path: ["create", "secret", "tls"],
  usage: "create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
  short: "Create a TLS secret",
  examples: ["kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key"],
  flags,
  config: "whole",
  check({ args, dash, flags: { cert, key } }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    return cert === "" || key === "" ? "key and cert must be specified" : undefined;
  },
  *run(context, { args: [name = ""], flags: values }) {
    const certificate = textIn(context, values.cert);
    const key = textIn(context, values.key);
    const problem = keyPairProblem(certificate, key);
    if (problem) throw new CommandFault(problem);
    const texts = new Map([
      ["tls.crt", certificate],
      ["tls.key", key],
    ]);
    const options = { type: "kubernetes.io/tls", appendHash: values["append-hash"] };
    yield* createGenerated(context, values, generatedSecret(context, name, texts, options));
  },
};

function textIn({ proc }: Context, path: string): string {
  try {
    return proc.machine.files.read(pathOf(proc, path), proc.credentials);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(`Cannot read file ${path}, ${goErrno("open", path, error)}`);
  }
}
