// The names by which words call pictures and files, such as @img3 and @file1. Those of the
// conversation are numbered by the server; what is new keeps the number it was given here until it is
// sent, and after.

/** @typedef {{ sha: string, handle: number | null }} Numbered what the server says of one */

class Handles {
  /** @param {string} word that handles begin with */
  constructor(word) {
    this.word = word;
    /** @type {Map<string, number>} */
    this.known = new Map(); // of the conversation, as the server said last
    /** @type {Map<string, number>} */
    this.own = new Map(); // of what is new to it
    /** @type {number | null} */
    this.free = null; // the next number; null until the server has said it
    this.written = new RegExp(`(?<![\\w@])@${word}([1-9]\\d{0,3})(?!\\w)`, "gi");
  }

  /**
   * Another conversation: nothing is known of it, unless it is not begun.
   * @param {boolean} begun
   */
  forget(begun) {
    this.known = new Map();
    this.own = new Map();
    this.free = begun ? null : 1;
  }

  /** @param {string} sha */
  numberOf(sha) {
    return this.known.get(sha) ?? this.own.get(sha) ?? null;
  }

  /** @param {string} sha */
  of(sha) {
    const number = this.numberOf(sha);
    return number === null ? "" : `@${this.word}${number}`;
  }

  /**
   * Give numbers to those that have none, in this order.
   * @param {string[]} shas
   */
  assign(shas) {
    if (this.free === null) return;
    for (const sha of shas) if (this.numberOf(sha) === null) this.own.set(sha, this.next());
  }

  next() {
    return Math.max(this.free ?? 1, ...[...this.own.values()].map((number) => number + 1));
  }

  /**
   * One of a draft is called as it was when the draft was kept.
   * @param {string} sha
   * @param {number} number
   */
  keep(sha, number) {
    if (!this.known.has(sha)) this.own.set(sha, number);
  }

  /**
   * What the words of a message call those of it that are new.
   * @param {string[]} shas
   * @returns {Record<string, number>}
   */
  brought(shas) {
    return Object.fromEntries(
      shas.flatMap((sha) => {
        const number = this.known.has(sha) ? undefined : this.own.get(sha);
        return number === undefined ? [] : [[sha, number]];
      }),
    );
  }

  /**
   * What the server says of the conversation; which numbers are others now, old to new.
   * @param {Numbered[]} shown those of the conversation
   * @param {Numbered[]} draft those of the message
   * @param {number} free the next number
   * @returns {Map<number, number>}
   */
  learn(shown, draft, free) {
    this.known = new Map();
    for (const { sha, handle } of [...shown, ...draft]) {
      if (handle !== null) this.known.set(sha, handle);
    }
    this.free = free;
    const taken = new Set(this.known.values());
    /** @type {Map<number, number>} */
    const renamed = new Map();
    for (const [sha, number] of [...this.own].sort(([, one], [, other]) => one - other)) {
      const now = this.known.get(sha);
      if (now !== undefined) this.own.delete(sha);
      // A reply that has come meanwhile holds one of this number.
      else if (taken.has(number)) this.own.set(sha, this.next());
      const called = now ?? this.own.get(sha) ?? number;
      if (called !== number) renamed.set(number, called);
    }
    return renamed;
  }

  /**
   * Words in which they are called by the numbers that they have now.
   * @param {string} text
   * @param {Map<number, number>} renamed
   */
  rewritten(text, renamed) {
    return text.replace(this.written, (whole, digits) => {
      const now = renamed.get(Number(digits));
      return now === undefined ? whole : `@${this.word}${now}`;
    });
  }
}

export const pictures = new Handles("img");
export const files = new Handles("file");
