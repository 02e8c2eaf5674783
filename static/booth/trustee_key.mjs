// A trustee's verification key with its proof of knowledge (specification, "Verification keys").

import { ProtocolError } from "./errors.mjs";
import { GROUP, mulBase, Point } from "./group.mjs";
import * as json from "./jsontext.mjs";
import { proofFromJson, proofToJson, proveKnowledge, verifyKnowledge } from "./proofs.mjs";

/** @typedef {import("./jsontext.mjs").Json} Json */
/** @typedef {import("./proofs.mjs").Proof} Proof */

/**
 * A public key and the proof that its owner knows the private key. `signature` stands only in
 * threshold groups; a name is an addition of the reference implementation to the specification.
 * @typedef {{ pok: Proof, publicKey: Point, signature: Proof | null }} TrusteePublicKey
 */

/**
 * @param {Point} publicKey
 * @returns {string}
 */
function pokPrefix(publicKey) {
  return `pok|${GROUP}|${publicKey.hex()}|`;
}

/**
 * @param {bigint} privateKey
 * @param {import("./proofs.mjs").RandomScalar} randomScalar
 * @returns {Json} the public side of `privateKey`
 */
export function provePublicKey(privateKey, randomScalar) {
  const publicKey = mulBase(privateKey);
  const pok = proveKnowledge(pokPrefix(publicKey), privateKey, randomScalar);
  return { pok: proofToJson(pok), public_key: publicKey.hex() };
}

/**
 * Reads and verifies.
 * @param {Json} value
 * @returns {TrusteePublicKey}
 * @throws {ProtocolError} "trustee-proof"; "key-is-neutral" for the key that everybody knows
 */
export function publicKeyFromJson(value) {
  const names = ["pok", "public_key", "signature", "name"];
  const found = json.fields(value, names, ["signature", "name"]);
  const pok = proofFromJson(found.pok);
  const publicKey = Point.fromHex(found.public_key);
  const signature = "signature" in found ? proofFromJson(found.signature) : null;
  if ("name" in found) json.text(found.name);
  if (publicKey.isIdentity()) {
    throw new ProtocolError("key-is-neutral", "A trustee's public key hides nothing.");
  }
  verifyKnowledge("trustee-proof", pokPrefix(publicKey), publicKey, pok);
  return { pok, publicKey, signature };
}
