// The service, over the network: formats.md, "On the network".

const TIMEOUT_MS = 30_000;

/** No answer came: the network, or the service, is away. What was sent may have arrived. */
export class NetworkError extends Error {
  name = "NetworkError";
}

/** The service answered that it will not. */
export class RefusedError extends Error {
  name = "RefusedError";

  /**
   * @param {number} status
   * @param {string} code stable, kebab-case
   * @param {string} message a sentence in the reader's language
   */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** @returns {boolean} whether the same request may do better later */
  get isPassing() {
    return this.status >= 500 || this.status === 429;
  }
}

/**
 * @param {string} path
 * @param {{ method?: string, token?: string, body?: Uint8Array | string }} [options]
 * @returns {Promise<Response>} a good one
 */
export async function request(path, { method = "GET", token, body } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method,
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      body: /** @type {BodyInit | undefined} */ (body),
      cache: "no-store",
      signal: abort.signal,
    });
    if (!response.ok) throw await refusal(response);
    return response;
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new NetworkError(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Response} response
 * @returns {Promise<RefusedError>}
 */
async function refusal(response) {
  try {
    const { error, message } = await response.json();
    return new RefusedError(response.status, String(error), String(message));
  } catch {
    return new RefusedError(response.status, `http-${response.status}`, response.statusText);
  }
}

/**
 * @param {string} path
 * @param {Parameters<typeof request>[1]} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function requestBytes(path, options) {
  const response = await request(path, options);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new NetworkError(String(error));
  }
}

/**
 * @param {string} path
 * @param {Parameters<typeof request>[1]} [options]
 * @returns {Promise<any>}
 */
export async function requestJson(path, options) {
  const bytes = await requestBytes(path, options);
  return JSON.parse(new TextDecoder().decode(bytes));
}

const PAUSES_MS = [1_000, 3_000];

/**
 * @param {string} path
 * @param {(bytes: number, total: number) => void} onBytes how many have come; 0 where nobody said of
 *   how many
 * @returns {Promise<Blob>} kept by the browser, on disk if it is large
 */
export async function download(path, onBytes) {
  const response = await request(path);
  const total = Number(response.headers.get("Content-Length") ?? 0);
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  /** @type {Blob[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(new Blob([value]));
    size += value.length;
    onBytes(size, total);
  }
  return new Blob(parts);
}

/**
 * Repeats what may be repeated, while no answer comes or the service is overloaded.
 * @template T
 * @param {() => Promise<T>} attempt
 * @param {() => void} onRetry called before every further attempt
 * @returns {Promise<T>}
 */
export async function withRetries(attempt, onRetry) {
  for (let i = 0; ; i++) {
    try {
      return await attempt();
    } catch (error) {
      const passing =
        error instanceof NetworkError || (error instanceof RefusedError && error.isPassing);
      if (!passing || i === PAUSES_MS.length) throw error;
      onRetry();
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[i]));
    }
  }
}
