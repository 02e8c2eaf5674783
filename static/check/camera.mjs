// Reading QR codes with what the browser has of its own (Barcode Detection API). Where it has nothing, the page
// says so: the camera program of a phone opens the same address.

/** @typedef {{ detect: (image: CanvasImageSource | Blob) => Promise<{ rawValue: string }[]> }} Detector */

const EVERY_MS = 200;

/** @returns {Promise<Detector | null>} */
export async function qrDetector() {
  const Barcodes = /** @type {any} */ (globalThis).BarcodeDetector;
  try {
    const formats = Barcodes === undefined ? [] : await Barcodes.getSupportedFormats();
    return formats.includes("qr_code") ? new Barcodes({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

/** @returns {boolean} */
export function hasCamera() {
  return navigator.mediaDevices?.getUserMedia !== undefined;
}

/**
 * @param {Detector} detector
 * @param {Blob} picture
 * @returns {Promise<string | null>} what its first QR code says
 */
export async function readPicture(detector, picture) {
  try {
    const [found] = await detector.detect(await createImageBitmap(picture));
    return found?.rawValue ?? null;
  } catch {
    return null;
  }
}

/** The camera, for as long as it looks for a code. */
export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;
  #stopped = false;

  /**
   * @param {Detector} detector
   * @param {HTMLVideoElement} video
   */
  constructor(detector, video) {
    this.detector = detector;
    this.video = video;
  }

  /**
   * Asks for the camera and looks until there is a code.
   * @returns {Promise<string | null>} what it says; null if it was stopped before
   * @throws {DOMException} where the camera is not to be had
   */
  async scan() {
    const wanted = { video: { facingMode: "environment" }, audio: false };
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    this.#stream = stream;
    if (this.#stopped) {
      this.stop();
      return null;
    }
    this.video.srcObject = stream;
    await this.video.play();
    try {
      while (!this.#stopped) {
        const found = await this.#look();
        if (found !== null) return found;
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
      return null;
    } finally {
      this.stop();
    }
  }

  /** @returns {Promise<string | null>} */
  async #look() {
    if (this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    try {
      const [found] = await this.detector.detect(this.video);
      return found?.rawValue ?? null;
    } catch {
      return null;
    }
  }

  /** Switches the camera off. */
  stop() {
    this.#stopped = true;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
  }
}
