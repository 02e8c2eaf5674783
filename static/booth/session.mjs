// Who sits in the booth, and with what: the member who signed in, or a member for whom they vote.

import { requestBytes, requestJson } from "./api.mjs";
import { signInToken } from "./credential.mjs";
import { ProtocolError } from "./errors.mjs";
import { joinPaper } from "./paper.mjs";
import { ProxyDesk } from "./proxy_desk.mjs";
import { VerifierKey } from "./tlog/note.mjs";

/** @typedef {import("./paper.mjs").Paper} Paper */
/** @typedef {import("./paper.mjs").Entitlement} Entitlement */
/** @typedef {import("./proxy_desk.mjs").Held} Held */

/**
 * What signs a ballot (a code, or the number that stands for one in an election), and what the service
 * knows whoever sends it by.
 * @typedef {{ code: string | bigint, token: string }} Signature
 */

/**
 * `desk`: the member's mandates, where the assembly has proxies; null also in a session on somebody's
 * behalf.
 * @typedef {import("./views/choose.mjs").ChooseState & {
 *   logKey: VerifierKey | null, colleges: Map<string, Record<string, string>>,
 *   signs: (paper: Paper) => Signature, desk: ProxyDesk | null,
 *   agenda: { definitionData: Uint8Array, status: any } }} Session
 */

/**
 * @param {import("./frame.mjs").PageData} data
 * @param {string} code
 * @returns {Promise<{ session: Session, language: string }>}
 */
export async function load({ assembly, board, check = "" }, code) {
  const token = signInToken(assembly, code);
  const home = `/api/assemblies/${encodeURIComponent(assembly)}`;
  const [definitionData, status, member] = await Promise.all([
    requestBytes(home),
    requestJson(`${home}/status`),
    requestJson(`${home}/sign-in`, { method: "POST", token }),
  ]);
  const definition = JSON.parse(new TextDecoder().decode(definitionData));
  const desk = definition.proxies === undefined ? null : new ProxyDesk(assembly, code, token);
  const agenda = { definitionData, status };
  const [papers] = await Promise.all([loadPapers(agenda, member.papers), desk?.load()]);
  const session = {
    signs: () => ({ code, token }),
    logKey: status.log_key === null ? null : VerifierKey.parse(status.log_key),
    papers,
    included: desk?.representedBy ? new Set() : openAndNew(papers),
    choices: new Map(),
    name: member.name,
    behalf: false,
    representedBy: desk?.representedBy ?? null,
    timeZone: definition.assembly.timezone,
    board,
    check,
    colleges: new Map(
      (definition.colleges ?? []).map((/** @type {any} */ { id, name }) => [id, name]),
    ),
    desk,
    agenda,
  };
  return { session, language: member.language };
}

/**
 * @param {Session} own
 * @param {Held} held
 * @returns {Promise<Session>} for a member who gave a mandate to whoever signed in
 */
export async function loadBehalf(own, held) {
  const { desk } = own;
  if (desk === null) throw new Error("this assembly has no proxies");
  const { mandate, elections } = desk.open(held);
  const papers = await loadPapers(own.agenda, held.papers);
  return {
    ...own,
    signs: ({ uuid }) => {
      const key = elections.find((each) => each.uuid === uuid);
      if (key === undefined) {
        throw new ProtocolError("sealed-message", "The mandate is not for this election.");
      }
      return { code: key.secretKey, token: desk.bearer(mandate, key.ticket) };
    },
    papers,
    included: openAndNew(papers),
    choices: new Map(),
    name: held.grantor.name,
    behalf: true,
    representedBy: null,
    desk: null,
  };
}

/**
 * @param {Paper[]} papers
 * @returns {Set<string>} the uuids of those that are open and not voted on yet
 */
function openAndNew(papers) {
  const open = papers.filter(({ state, voted }) => state === "open" && !voted);
  return new Set(open.map(({ uuid }) => uuid));
}

/**
 * @param {Session["agenda"]} agenda
 * @param {Entitlement[]} entitlements
 * @returns {Promise<Paper[]>}
 */
function loadPapers(agenda, entitlements) {
  return Promise.all(entitlements.map((entitlement) => loadPaper(agenda, entitlement)));
}

/**
 * @param {Session["agenda"]} agenda
 * @param {Entitlement} entitlement
 * @returns {Promise<Paper>}
 */
async function loadPaper({ definitionData, status }, { ballot, uuid, voted, state }) {
  const found = status.papers.find((/** @type {any} */ each) => each.ballot === ballot);
  const times = { opens: found.opens, closes: found.closes };
  const election =
    state === "before" ? null : await requestBytes(`/api/elections/${uuid}/election`);
  return joinPaper(definitionData, { ballot, uuid, voted, state }, times, election);
}
