// The secret that a link carries behind its #, where it does not reach the server.

/**
 * Takes it out of the address, so that it does not stay on the screen or in the history.
 * @returns {string}
 */
export function takeFromAddress() {
  const carried = behindHash();
  if (carried !== "") history.replaceState(null, "", location.pathname + location.search);
  return carried;
}

/** Begins anew when a link brings a secret to the page that is open already. */
export function beginAnewWithLinks() {
  addEventListener("hashchange", () => {
    if (behindHash() !== "") location.reload();
  });
}

/** @returns {string} what stands behind the #, unless it is a place on this page */
function behindHash() {
  const carried = location.hash.slice(1);
  if (document.getElementById(carried) !== null) return "";
  try {
    return decodeURIComponent(carried);
  } catch {
    return carried;
  }
}
