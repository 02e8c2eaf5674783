// Canonical JSON (RFC 8785): sorted keys, no spaces, one way to write everything.

import { fromUtf8 } from "../../booth/encoding.mjs";
import { BundleFault } from "./ledger.mjs";

/**
 * @param {unknown} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/**
 * @param {Uint8Array} data
 * @param {string} what
 * @returns {any} the value, if these are its canonical bytes
 */
export function parseCanonical(data, what) {
  const text = fromUtf8(data);
  /** @type {unknown} */
  let value;
  let again;
  try {
    value = JSON.parse(text ?? "");
    again = canonical(value);
  } catch {
    throw new BundleFault("not-json", `${what} is not JSON`);
  }
  if (again !== text) {
    throw new BundleFault("json-not-canonical", `${what} is not in its canonical form`);
  }
  return value;
}

/**
 * @param {unknown} value
 * @param {string[]} names
 * @param {string} what
 * @returns {Record<string, any>}
 */
export function fields(value, names, what) {
  const found = value !== null && typeof value === "object" ? Object.keys(value).sort() : [];
  if (canonical(found) !== canonical([...names].sort())) {
    throw new BundleFault("json-fields", `${what} has not the fields ${names.join(", ")}`);
  }
  return /** @type {Record<string, any>} */ (value);
}
