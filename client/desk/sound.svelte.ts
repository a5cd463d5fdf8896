// Two tones by the browser's own means; a browser lets a page sound only after somebody has touched it, and may take that back at any time.
import { keep, kept } from '../lib/kept-here.ts';

const KEY = 'pharos.desk.sound';
/** Hertz, seconds from the start. */
const TONES = [
  [660, 0],
  [880, 0.22],
] as const;
const TONE_SECONDS = 0.18;
const LOUDNESS = 0.22;

type NewContext = new () => AudioContext;

export class Sound {
  isWanted = $state(kept(KEY) === 'on');
  /** The browser lets this page sound, now. */
  isAllowed = $state(false);
  /** This browser, or the machine under it, has no sound at all. */
  isNone = $state(false);
  #context: AudioContext | null = null;
  /** What its button offered when it was pressed; null: nothing presses it. */
  #offered: boolean | null = null;
  /** Who turned it on is to hear that it works. */
  #owesProof = false;

  /** To be called from a click or a key. */
  allow(): void {
    if (!this.isWanted || this.isAllowed) return;
    this.#context ??= this.#made();
    // Who is not let resumes in vain, or never hears of it.
    void this.#context?.resume().then(
      () => this.#look(),
      () => undefined,
    );
  }

  /** Its button is pressed and not yet let go: what is meant is what it says now, since the press itself lets the page sound. */
  pressed(): void {
    this.#offered = this.#next();
  }

  toggle(): void {
    this.isWanted = this.#offered ?? this.#next();
    this.#offered = null;
    keep(KEY, this.isWanted ? 'on' : 'off');
    this.#owesProof = this.isWanted;
    this.allow();
    this.#look();
  }

  ring(): void {
    const context = this.#context;
    // Tones of a clock that stands would all sound at once when it goes on.
    if (!this.isWanted || context?.state !== 'running') return;
    for (const [hertz, after] of TONES) {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      const from = context.currentTime + after;
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(LOUDNESS, from);
      loudness.gain.exponentialRampToValueAtTime(0.001, from + TONE_SECONDS);
      // Not in a chain: Safari 14.0 gives nothing back.
      tone.connect(loudness);
      loudness.connect(context.destination);
      tone.start(from);
      tone.stop(from + TONE_SECONDS);
    }
  }

  /** What is wanted but not allowed is allowed by the very click. */
  #next(): boolean {
    return !this.isWanted || (!this.isAllowed && !this.isNone);
  }

  #made(): AudioContext | null {
    const { AudioContext: Plain, webkitAudioContext: OfSafari } = globalThis as {
      readonly AudioContext?: NewContext;
      readonly webkitAudioContext?: NewContext;
    };
    const Context = Plain ?? OfSafari;
    try {
      const context = Context === undefined ? null : new Context();
      // A call, a locked screen or the browser itself may end it, and give it back.
      context?.addEventListener('statechange', () => this.#look());
      this.isNone = context === null;
      return context;
    } catch {
      this.isNone = true;
      return null;
    }
  }

  #look(): void {
    this.isAllowed = this.#context?.state === 'running';
    if (!this.isAllowed || !this.#owesProof) return;
    this.#owesProof = false;
    this.ring();
  }
}
