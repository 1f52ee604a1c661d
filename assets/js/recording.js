// What a microphone hears, as the server takes it: a WAV file of one channel, 16 bits a sample,
// 16,000 samples a second. What browsers record differs from one to the next; they all decode it.

export const MOST_S = 300;
const RATE_HZ = 16_000;
const HEAD_BYTES = 44;

/**
 * A WAV file. Source: Multimedia Programming Interface and Data Specifications 1.0, 1991.
 * @param {Float32Array} samples from -1 to 1
 * @param {number} rateHz
 */
export function wav(samples, rateHz = RATE_HZ) {
  const view = new DataView(new ArrayBuffer(HEAD_BYTES + 2 * samples.length));
  /** @type {(at: number, letters: string) => void} */
  const name = (at, letters) => {
    for (const [n, letter] of [...letters].entries()) view.setUint8(at + n, letter.charCodeAt(0));
  };
  name(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  name(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // as it is, not packed
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rateHz, true);
  view.setUint32(28, 2 * rateHz, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  name(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, n) => {
    const bound = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEAD_BYTES + 2 * n, Math.round(bound * 0x7fff), true);
  });
  return view.buffer;
}

/** @param {Blob} recorded */
async function converted(recorded) {
  const whole = await new OfflineAudioContext(1, 1, RATE_HZ).decodeAudioData(
    await recorded.arrayBuffer(),
  );
  // Decoded at the rate of the context; what has more channels is mixed down by rendering it.
  const length = Math.min(whole.length, MOST_S * RATE_HZ);
  if (!length) return new Blob([wav(new Float32Array())], { type: "audio/wav" });
  const mixing = new OfflineAudioContext(1, length, RATE_HZ);
  const source = mixing.createBufferSource();
  source.buffer = whole;
  source.connect(mixing.destination);
  source.start();
  const mixed = await mixing.startRendering();
  return new Blob([wav(mixed.getChannelData(0))], { type: "audio/wav" });
}

/** A recording that runs. */
export class Recording {
  /** @type {Blob[]} */
  #pieces = [];
  #stream;
  #recorder;
  #context = new AudioContext();
  #meter;
  #levels;
  #begun = performance.now();

  /** @param {MediaStream} stream */
  constructor(stream) {
    this.#stream = stream;
    this.#recorder = new MediaRecorder(stream);
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#pieces.push(data));
    this.#meter = this.#context.createAnalyser();
    this.#levels = new Float32Array(this.#meter.fftSize);
    this.#context.createMediaStreamSource(stream).connect(this.#meter);
    this.#recorder.start();
  }

  /**
   * Ask for the microphone. Rejects as `getUserMedia` does.
   * @returns {Promise<Recording>}
   */
  static async begin() {
    return new Recording(await navigator.mediaDevices.getUserMedia({ audio: true }));
  }

  /** Seconds so far. */
  get lengthS() {
    return (performance.now() - this.#begun) / 1000;
  }

  /** How loud it is now, from 0 to 1. */
  get level() {
    this.#meter.getFloatTimeDomainData(this.#levels);
    return Math.min(1, 4 * Math.max(...this.#levels.map(Math.abs)));
  }

  /** The microphone was unplugged, or taken back. @param {() => void} act */
  whenLost(act) {
    for (const track of this.#stream.getTracks()) track.addEventListener("ended", act);
  }

  #release() {
    for (const track of this.#stream.getTracks()) track.stop();
    this.#context.close();
  }

  /** Let go of the microphone and of all that was heard. */
  drop() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    this.#pieces = [];
    this.#release();
  }

  /** End it. @returns {Promise<Blob>} what was heard, as the server takes it */
  async end() {
    if (this.#recorder.state !== "inactive") {
      const stopped = new Promise((done) => {
        this.#recorder.addEventListener("stop", done, { once: true });
      });
      this.#recorder.stop();
      await stopped;
    }
    this.#release();
    return converted(new Blob(this.#pieces, { type: this.#recorder.mimeType }));
  }
}
