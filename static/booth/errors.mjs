// What verification raises: a stable code for machines and a sentence for people.

class CodedError extends Error {
  /**
   * @param {string} code kebab-case, stable: "point-not-in-subgroup"
   * @param {string} message what was checked and what is wrong, in English
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Something breaks the ballot protocol. The twin of `vote.election.errors.ProtocolError`. */
export class ProtocolError extends CodedError {
  name = "ProtocolError";

  /**
   * @param {string} code
   * @param {string} message
   * @param {number | null} [index] the position, in what was checked in one call, of the item at fault
   */
  constructor(code, message, index = null) {
    super(code, message);
    this.index = index;
  }

  /**
   * @param {number} index
   * @returns {ProtocolError} the same error, saying which item it is about
   */
  at(index) {
    return new ProtocolError(this.code, this.message, index);
  }
}

/** Something breaks the log's formats. The twin of `vote.tlog.errors.LogError`. */
export class LogError extends CodedError {
  name = "LogError";
}
