import { createECDH } from "node:crypto";
import { lendCurve } from "../base/x509/key.ts";

/** Multiplies the base point of P-256 natively: the private key's public key is just that. */
lendCurve((secret) => {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(secret);
  return new Uint8Array(ecdh.getPublicKey());
});
