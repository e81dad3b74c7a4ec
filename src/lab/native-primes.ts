import { checkPrimeSync } from "node:crypto";
import { lendPrimality } from "../base/x509/rsa.ts";

/** Tests numbers for being prime natively: the answers are the same. */
lendPrimality((candidate) => checkPrimeSync(candidate, { checks: 2 }) && checkPrimeSync(candidate));
