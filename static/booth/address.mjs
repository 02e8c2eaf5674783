// The secret that a link carries behind its #, where it does not reach the server.

/**
 * Takes it out of the address, so that it does not stay on the screen or in the history.
 * @returns {string}
 */
export function takeFromAddress() {
  const { hash, pathname, search } = location;
  if (hash !== "") history.replaceState(null, "", pathname + search);
  // Where the link to skip the header goes.
  if (hash === "#main") return "";
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}
