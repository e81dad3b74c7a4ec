import { privateKeyToPem, traditionalKeyToPem } from "../../../base/x509/private-key.ts";
import { type Command, cipherFault, errorLine, Fault, unknownAlgorithm } from "./define.ts";
import { makeEcKey, makeRsaKey, showProgress } from "./make-key.ts";

/** Makes an RSA key. */
export const genrsa: Command = {
  name: "genrsa",
  options: "out= verbose traditional 3 F4 f4 rand= writerand= primes=",
  others: "cipher",
  complaint: ["queue"],
  operands: 1,
  *run(call) {
    const [bits = "2048"] = call.operands;
    if (!/^\d+$/.test(bits)) throw call.misuse(`Can't parse "${bits}" as a number`);
    const key = yield* makeRsaKey(call, Number(bits));
    if (call.has("verbose")) yield* showProgress(call);
    yield* call.output(call.has("traditional") ? traditionalKeyToPem(key) : privateKeyToPem(key), undefined, true);
    return 0;
  },
};

/** Makes a key of a named algorithm. */
export const genpkey: Command = {
  name: "genpkey",
  options: "algorithm= out= pkeyopt= outform= quiet",
  // The real one looks at a cipher's name only when it has an algorithm.
  others: "digest",
  *run(call) {
    const algorithm = call.value("algorithm");
    if (algorithm === undefined) throw new Fault("genpkey: Use -help for summary.");
    const cipher = call.value("digest");
    if (cipher !== undefined) throw cipherFault(call, cipher, ["help", "queue"]);
    const options = new Map(call.all("pkeyopt").map((one) => one.split(/:(.*)/s, 2) as [string, string]));
    const file = call.value("out");
    if (/^RSA$/i.test(algorithm)) {
      const key = yield* makeRsaKey(call, Number(options.get("rsa_keygen_bits") ?? 2048));
      if (!call.has("quiet")) yield* showProgress(call);
      yield* call.output(privateKeyToPem(key), file, true);
      return 0;
    }
    if (/^EC$/i.test(algorithm)) {
      const key = makeEcKey(call.proc, options.get("ec_paramgen_curve") ?? "none");
      yield* call.output(privateKeyToPem(key), file, true);
      return 0;
    }
    throw new Fault(`Error initializing ${algorithm} context\n${unknownAlgorithm(call.proc, algorithm)}`);
  },
};

const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

/** Makes a key on a curve. */
export const ecparam: Command = {
  name: "ecparam",
  options: "name= genkey noout out= outform= param_enc=",
  *run(call) {
    const curve = call.value("name");
    if (curve === undefined) throw new Fault("openssl: ecparam needs -name here: reading parameters is not simulated");
    if (!/^[a-zA-Z]+\d+[a-z]\d+$|^P-\d+$/.test(curve)) {
      const words = "0800008D:elliptic curve routines:group_new_from_name:invalid curve:../crypto/ec/ec_lib.c:1490:";
      throw new Fault(`unable to generate key\n${errorLine(call.proc, words)}`);
    }
    const key = makeEcKey(call.proc, curve);
    const shown = call.has("noout") ? "" : parameters;
    const made = call.has("genkey") ? traditionalKeyToPem(key) : "";
    yield* call.output(shown + made, undefined, made !== "");
    return 0;
  },
};
