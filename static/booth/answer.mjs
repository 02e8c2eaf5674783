// Encrypted answers to homomorphic questions (specification, section "Homomorphic answers").

import { ProtocolError } from "./errors.mjs";
import { add, G, mod, mul, mulBase } from "./group.mjs";
import * as json from "./jsontext.mjs";
import {
  Ciphertext,
  proofFromJson,
  proofToJson,
  proveDisjunction,
  verifyDisjunction,
} from "./proofs.mjs";

/** @typedef {import("./group.mjs").Point} Point */
/** @typedef {import("./jsontext.mjs").Json} Json */
/** @typedef {import("./election.mjs").Question} Question */
/** @typedef {import("./proofs.mjs").Proof} Proof */
/** @typedef {import("./proofs.mjs").Opening} Opening */
/** @typedef {import("./proofs.mjs").RandomScalar} RandomScalar */

/**
 * One question's answer: a ciphertext for each choice, and the proofs that they are well formed.
 * @typedef {{ choices: Ciphertext[], individualProofs: Proof[][], overallProof: Proof[],
 *   blankProof: Proof[] | null }} Answer
 */

/**
 * @param {Json} value
 * @returns {Answer}
 */
export function answerFromJson(value) {
  const names = ["choices", "individual_proofs", "overall_proof", "blank_proof"];
  const found = json.fields(value, names, ["blank_proof"]);
  return {
    choices: json.array(found.choices).map(Ciphertext.fromJson),
    individualProofs: json.array(found.individual_proofs).map(proofsFromJson),
    overallProof: proofsFromJson(found.overall_proof),
    blankProof: "blank_proof" in found ? proofsFromJson(found.blank_proof) : null,
  };
}

/**
 * @param {Json} value
 * @returns {Proof[]}
 */
function proofsFromJson(value) {
  return json.array(value).map(proofFromJson);
}

/**
 * @param {Answer} answer
 * @returns {Json}
 */
export function answerToJson({ choices, individualProofs, overallProof, blankProof }) {
  return {
    choices: choices.map((choice) => choice.toJson()),
    individual_proofs: individualProofs.map((proofs) => proofs.map(proofToJson)),
    overall_proof: overallProof.map(proofToJson),
    ...(blankProof === null ? {} : { blank_proof: blankProof.map(proofToJson) }),
  };
}

/**
 * @param {Question} question
 * @returns {number} how many ciphertexts an answer has: the blank one, if any, and one per answer
 */
export function width(question) {
  return question.answers.length + (question.blank ? 1 : 0);
}

/**
 * Encrypts one voter's answer and proves it well formed. Random numbers are drawn in this order: the
 * randomness of each ciphertext; each individual proof; the blank proof, if any; the overall proof.
 * @param {Question} question
 * @param {Point} key
 * @param {string} context the specification's S_0
 * @param {number[]} numbers 0 or 1 for each ciphertext
 * @param {RandomScalar} randomScalar
 * @param {() => void} onCiphertext called when each is proved
 * @returns {Answer}
 */
export function prove(question, key, context, numbers, randomScalar, onCiphertext) {
  checkChoice(question, numbers);
  const openings = numbers.map((number) => ({ randomness: randomScalar(), number }));
  const choices = openings.map((opening) => encrypt(key, opening));
  const individualProofs = choices.map((choice, index) => {
    const opening = openings[index];
    const prefix = `prove|${context}|${choice.hashed()}|`;
    const branches = [opening, less(opening, 1)];
    const proofs = proveDisjunction(prefix, key, branches, opening.number, randomScalar);
    onCiphertext();
    return proofs;
  });
  const stated = statement(context, choices);
  if (!question.blank) {
    const total = sum(openings);
    const prefix = `prove|${stated}|${product(choices).hashed()}|`;
    const branches = counts(question).map((count) => less(total, count));
    const truth = total.number - question.min;
    const overallProof = proveDisjunction(prefix, key, branches, truth, randomScalar);
    return { choices, individualProofs, overallProof, blankProof: null };
  }
  const [blank, ...others] = openings;
  const total = sum(others);
  const pair = [blank, total];
  const blankProof = proveDisjunction(`bproof0|${stated}|`, key, pair, blank.number, randomScalar);
  const branches = [less(blank, 1), ...counts(question).map((count) => less(total, count))];
  const truth = blank.number === 1 ? 0 : total.number - question.min + 1;
  const overallProof = proveDisjunction(`bproof1|${stated}|`, key, branches, truth, randomScalar);
  return { choices, individualProofs, overallProof, blankProof };
}

/**
 * Refuses an answer that no proof could be made of.
 * @param {Question} question
 * @param {number[]} numbers
 */
function checkChoice(question, numbers) {
  if (
    numbers.length !== width(question) ||
    numbers.some((number) => number !== 0 && number !== 1)
  ) {
    throw new ProtocolError("choice-not-allowed", `Expected ${width(question)} zeros and ones.`);
  }
  const blank = question.blank && numbers[0] === 1;
  const chosen = numbers.slice(question.blank ? 1 : 0).reduce((total, number) => total + number, 0);
  if (blank ? chosen !== 0 : chosen < question.min || chosen > question.max) {
    throw new ProtocolError("choice-not-allowed", `${chosen} choices are not allowed here.`);
  }
}

/**
 * @param {Point} key
 * @param {Opening} opening
 * @returns {Ciphertext}
 */
function encrypt(key, { randomness, number }) {
  const mask = mul(key, randomness);
  return new Ciphertext(mulBase(randomness), number === 1 ? add(mask, G) : mask);
}

/**
 * @param {Opening} opening
 * @param {number} amount
 * @returns {Opening}
 */
function less({ randomness, number }, amount) {
  return { randomness, number: number - amount };
}

/**
 * @param {Opening[]} openings
 * @returns {Opening} of the product of their ciphertexts
 */
function sum(openings) {
  return {
    randomness: mod(openings.reduce((total, { randomness }) => total + randomness, 0n)),
    number: openings.reduce((total, { number }) => total + number, 0),
  };
}

/**
 * @param {Ciphertext[]} ciphertexts one or more
 * @returns {Ciphertext}
 */
function product(ciphertexts) {
  return ciphertexts.reduce((total, ciphertext) => total.add(ciphertext));
}

/**
 * @param {Question} question
 * @returns {number[]} how many answers may be chosen
 */
function counts({ min, max }) {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}

/**
 * @param {string} context
 * @param {Ciphertext[]} choices
 * @returns {string} the specification's S
 */
function statement(context, choices) {
  return `${context}|${choices.map((choice) => choice.hashed()).join(",")}`;
}

/**
 * Refuses an answer that does not have as many of everything as the question asks.
 * @param {Question} question
 * @param {Answer} answer
 */
export function checkShape(question, answer) {
  const size = width(question);
  const blank = question.blank ? 1 : 0;
  if (
    answer.choices.length !== size ||
    answer.individualProofs.length !== size ||
    answer.individualProofs.some((proofs) => proofs.length !== 2) ||
    answer.overallProof.length !== counts(question).length + blank ||
    answer.blankProof?.length !== (question.blank ? 2 : undefined)
  ) {
    throw new ProtocolError("answer-shape", "An answer does not fit its question.");
  }
}

/**
 * Checks every proof of an answer, and thereby that its points belong to the group.
 * @param {Question} question
 * @param {Point} key
 * @param {string} context the specification's S_0
 * @param {Answer} answer
 */
export function verify(question, key, context, answer) {
  checkShape(question, answer);
  const { choices, individualProofs, overallProof, blankProof } = answer;
  choices.forEach((choice, index) => {
    const prefix = `prove|${context}|${choice.hashed()}|`;
    const branches = [choice, choice.minus(G)];
    verifyDisjunction("individual-proof", prefix, key, branches, individualProofs[index]);
  });
  const stated = statement(context, choices);
  if (blankProof === null) {
    const total = product(choices);
    const prefix = `prove|${stated}|${total.hashed()}|`;
    verifyDisjunction("overall-proof", prefix, key, counted(question, total), overallProof);
    return;
  }
  const [blank, ...others] = choices;
  const total = product(others);
  verifyDisjunction("blank-proof", `bproof0|${stated}|`, key, [blank, total], blankProof);
  const branches = [blank.minus(G), ...counted(question, total)];
  verifyDisjunction("overall-proof", `bproof1|${stated}|`, key, branches, overallProof);
}

/**
 * @param {Question} question
 * @param {Ciphertext} total
 * @returns {Ciphertext[]} one per allowed count, which encrypts zero if `total` encrypts that count
 */
function counted(question, total) {
  return counts(question).map((count) =>
    count === 0 ? total : total.minus(mulBase(BigInt(count))),
  );
}
