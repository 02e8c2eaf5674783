// What a check reads from the service, over the network (formats.md, "On the network").

import { download, RefusedError, requestBytes, requestJson } from "../booth/api.mjs";
import { VerifierKey } from "../booth/tlog/note.mjs";

/**
 * An event and where it stands in the log.
 * @typedef {{ index: number, event: string }} Logged
 */

/**
 * Where a ballot is, as the service says: nothing of it is believed before it is proved. `newest` is the last
 * ballot of the same code so far, maybe this one; `tally` and `result` come after the counting.
 * @typedef {object} Place
 * @property {string} election its UUID
 * @property {string} ballot the ballot paper
 * @property {Logged} logged
 * @property {Logged & { digest: string }} newest
 * @property {Logged | null} tally
 * @property {Logged | null} result
 * @property {number} archive_bytes
 */

/**
 * @typedef {object} Board
 * @property {VerifierKey} key
 * @property {() => Promise<Uint8Array>} checkpoint the newest
 * @property {(path: string) => Promise<Uint8Array>} tile
 * @property {(digest: string) => Promise<Place | null>} find a ballot by its SHA-256 in hexadecimal
 * @property {(uuid: string, digest: string) => Promise<Uint8Array | null>} object a file of an archive
 * @property {(uuid: string) => Promise<Uint8Array>} election
 * @property {(uuid: string, onBytes: (bytes: number) => void) => Promise<Blob>} archive
 */

const NOT_THERE = new Set(["no-such-ballot", "no-such-object"]);

/**
 * @param {string} assembly
 * @param {string} vkey
 * @returns {Board}
 */
export function networkBoard(assembly, vkey) {
  const name = encodeURIComponent(assembly);
  return {
    key: VerifierKey.parse(vkey),
    checkpoint: () => requestBytes(`/log/${name}/checkpoint`),
    tile: (path) => requestBytes(`/log/${name}/${path}`),
    find: (digest) => known(requestJson(`/api/assemblies/${name}/ballots/${digest}`)),
    object: (uuid, digest) => known(requestBytes(`/api/elections/${uuid}/objects/${digest}`)),
    election: (uuid) => requestBytes(`/api/elections/${uuid}/election`),
    archive: (uuid, onBytes) => download(`/api/elections/${uuid}/archive`, onBytes),
  };
}

/**
 * @template T
 * @param {Promise<T>} answer
 * @returns {Promise<T | null>} null for what is not there
 */
async function known(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RefusedError && NOT_THERE.has(error.code)) return null;
    throw error;
  }
}
