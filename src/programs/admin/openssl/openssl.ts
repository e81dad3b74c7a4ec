import type { Program } from "../../../machine/define.ts";
import { Call, type Command, Fault } from "./define.ts";
import { dgst, namedDigests } from "./digest.ts";
import { base64, enc, rand } from "./encode.ts";
import { ecparam, genpkey, genrsa } from "./genrsa.ts";
import { ec, pkey, rsa } from "./keys.ts";
import { req } from "./req.ts";
import { sClient } from "./s-client.ts";
import { verify } from "./verify.ts";
import { x509 } from "./x509.ts";

const VERSION = "OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)";

const version: Command = {
  name: "version",
  options: "v",
  *run(call) {
    yield* call.proc.write(1, `${VERSION}\n`);
    return 0;
  },
};

const commands: readonly Command[] = [
  base64,
  dgst,
  ec,
  ecparam,
  enc,
  genpkey,
  genrsa,
  pkey,
  rand,
  req,
  rsa,
  sClient,
  verify,
  version,
  x509,
  ...namedDigests,
];

/** Commands of the real program that are not simulated. */
const others = new Set(
  "asn1parse ca ciphers cmp cms crl crl2pkcs7 dhparam dsa dsaparam engine errstr fipsinstall gendsa help info kdf list mac nseq ocsp passwd pkcs12 pkcs7 pkcs8 pkeyparam pkeyutl prime rehash rsautl s_server s_time sess_id smime speed spkac srp storeutl ts".split(
    " ",
  ),
);

/** Keys, requests and certificates from the command line, as OpenSSL 3.0 does it. */
export const openssl: Program = {
  name: "openssl",
  *run(proc, [name, ...argv]) {
    const command = commands.find((one) => one.name === name);
    try {
      if (name === undefined)
        throw new Fault("openssl: its own prompt is not simulated; name a command: openssl x509 …");
      if (others.has(name)) throw new Fault(`openssl: ${name} is not simulated`);
      if (!command) throw new Fault(`Invalid command '${name}'; type "help" for a list.`);
      if (argv[0] === "-help" || argv[0] === "--help")
        throw new Fault(
          `openssl: the help of ${name} is not simulated; its options here: -${command.options.replaceAll("=", " VALUE").replaceAll(" ", " -").replaceAll("-VALUE", "VALUE")}`,
          0,
        );
      return yield* command.run(new Call(proc, command, argv));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      yield* proc.write(2, `${error.message}\n`);
      return error.status;
    }
  },
  *complete(_proc, words) {
    if (words.length <= 2) return { words: [...commands.map(({ name }) => name)].sort() };
    const command = commands.find(({ name }) => name === words[1]);
    const options = command?.options.split(" ").map((one) => `-${one.replace("=", "")}`) ?? [];
    return words.at(-1)?.startsWith("-") ? { words: options } : { words: [], files: true };
  },
};
