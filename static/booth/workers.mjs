// Module workers, for those browsers that have them.

/**
 * @param {URL} module says anything once when it is ready
 * @returns {Promise<Worker | null>} null where module workers do not run
 */
export function startWorker(module) {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(module, { type: "module" });
      worker.addEventListener("message", () => resolve(worker), { once: true });
      worker.addEventListener("error", () => resolve(null), { once: true });
    } catch {
      resolve(null);
    }
  });
}
