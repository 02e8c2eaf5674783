// Ballots: made, read and verified (specification, sections "Ballots" and "Signatures").

import {
  answerFromJson,
  answerToJson,
  checkShape,
  prove,
  verify as verifyAnswer,
  width,
} from "./answer.mjs";
import { secretKey } from "./credential.mjs";
import { Election } from "./election.mjs";
import { ProtocolError } from "./errors.mjs";
import { hashBase64 } from "./fingerprint.mjs";
import { mulBase, Point, randomScalar as random } from "./group.mjs";
import * as json from "./jsontext.mjs";
import { proofFromJson, proofToJson, proveKnowledge, verifyKnowledge } from "./proofs.mjs";

/** @typedef {import("./answer.mjs").Answer} Answer */
/** @typedef {import("./proofs.mjs").Proof} Proof */

/**
 * A ballot as parsed. Until `verify` has returned, its points and proofs are mere claims.
 * @typedef {{ electionUuid: string, electionHash: string, credential: Point, answers: Answer[],
 *   signature: { hash: string, proof: Proof } }} Ballot
 */

/** Largest ballot that is read, in bytes. */
export const MAX_BALLOT_BYTES = 2 ** 20;

/**
 * Reads a ballot in its one accepted form, without checking its proofs.
 * @param {Uint8Array} data
 * @returns {Ballot}
 */
export function parse(data) {
  const names = ["election_uuid", "election_hash", "credential", "answers", "signature"];
  const found = json.fields(json.parse(data, MAX_BALLOT_BYTES), names);
  const signature = json.fields(found.signature, ["hash", "proof"]);
  return {
    electionUuid: json.text(found.election_uuid),
    electionHash: json.text(found.election_hash),
    credential: Point.fromHex(found.credential),
    answers: json.array(found.answers).map(answerFromJson),
    signature: { hash: json.text(signature.hash), proof: proofFromJson(signature.proof) },
  };
}

/**
 * @param {string} uuid
 * @param {string} fingerprint
 * @param {Point} credential
 * @param {Answer[]} answers
 * @returns {{ [key: string]: json.Json }} the ballot without its signature: its hash is signed
 */
function unsigned(uuid, fingerprint, credential, answers) {
  return {
    election_uuid: uuid,
    election_hash: fingerprint,
    credential: credential.hex(),
    answers: answers.map(answerToJson),
  };
}

/**
 * @param {Uint8Array} data a ballot's exact bytes
 * @returns {string} its tracker: SHA-256 in Base64 without padding
 */
export function tracker(data) {
  return hashBase64(data);
}

/**
 * Checks that a ballot belongs to this election, its signature and all its proofs. Not checked: that
 * its credential is on the roll (see `Setup.weightOf`).
 * @param {Election} election
 * @param {Ballot} ballot
 */
export function verify(election, ballot) {
  if (ballot.electionUuid !== election.uuid || ballot.electionHash !== election.fingerprint) {
    throw new ProtocolError("other-election", "The ballot is for another election.");
  }
  if (ballot.answers.length !== election.questions.length) {
    throw new ProtocolError("answer-shape", "There is not one answer for each question.");
  }
  election.questions.forEach((question, index) => {
    checkShape(question, ballot.answers[index]);
  });
  verifySignature(ballot);
  const context = `${election.fingerprint}|${ballot.credential.hex()}`;
  election.questions.forEach((question, index) => {
    verifyAnswer(question, election.publicKey, context, ballot.answers[index]);
  });
}

/** @param {Ballot} ballot */
function verifySignature({ electionUuid, electionHash, credential, answers, signature }) {
  const signed = json.encode(unsigned(electionUuid, electionHash, credential, answers));
  if (signature.hash !== hashBase64(signed)) {
    throw new ProtocolError("signature", "The signature is of another ballot.");
  }
  verifyKnowledge("signature", `sig|${signature.hash}|`, credential, signature.proof);
}

/**
 * @typedef {object} Options
 * @property {(done: number, total: number) => void} [onProgress] in ciphertexts
 * @property {import("./proofs.mjs").RandomScalar} [randomScalar] fixed by tests only
 */

/**
 * Makes the ballot of the holder of `code`, or of the secret key that stands for one. Random numbers are
 * drawn for each question in turn (see `prove` in answer.mjs), then one for the signature.
 * @param {Uint8Array} electionData the election file's exact bytes
 * @param {string | bigint} code
 * @param {number[][]} answers for each question a 0 or a 1 for each answer, after the one for "blank"
 *   if the question has it
 * @param {Options} [options]
 * @returns {Uint8Array}
 */
export function encrypt(electionData, code, answers, options = {}) {
  const { onProgress, randomScalar = random } = options;
  const election = Election.parse(electionData);
  const { questions, publicKey, fingerprint, uuid } = election;
  if (answers.length !== questions.length) {
    throw new ProtocolError("answer-shape", "There is not one answer for each question.");
  }
  const total = questions.reduce((sum, question) => sum + width(question), 0);
  let done = 0;
  const onCiphertext = () => onProgress?.(++done, total);
  const secret = typeof code === "bigint" ? code : secretKey(code, uuid);
  const credential = mulBase(secret);
  const context = `${fingerprint}|${credential.hex()}`;
  const proved = questions.map((question, index) =>
    prove(question, publicKey, context, answers[index], randomScalar, onCiphertext),
  );
  const body = unsigned(uuid, fingerprint, credential, proved);
  const hash = hashBase64(json.encode(body));
  const proof = proofToJson(proveKnowledge(`sig|${hash}|`, secret, randomScalar));
  return json.encode({ ...body, signature: { hash, proof } });
}
