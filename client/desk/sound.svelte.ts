// Two tones by the browser's own means; a browser lets a page sound only after somebody has touched it.
import { keep, kept } from './kept-here.ts';

const KEY = 'pharos.desk.sound';
/** Hertz, seconds from the start. */
const TONES = [
  [660, 0],
  [880, 0.22],
] as const;
const TONE_SECONDS = 0.18;
const LOUDNESS = 0.22;

export class Sound {
  isWanted = $state(kept(KEY) === 'on');
  /** The browser lets this page sound. */
  isAllowed = $state(false);
  #context: AudioContext | null = null;

  /** To be called from a click or a key. */
  allow(): void {
    if (!this.isWanted || this.isAllowed) return;
    this.#context ??= new AudioContext();
    void this.#context.resume().then(() => {
      this.isAllowed = this.#context?.state === 'running';
    });
  }

  toggle(): void {
    // What is wanted but was not allowed yet is allowed by this very click.
    this.isWanted = !this.isWanted || !this.isAllowed;
    keep(KEY, this.isWanted ? 'on' : 'off');
    this.allow();
    if (this.isWanted) this.ring();
  }

  ring(): void {
    const context = this.#context;
    if (!this.isWanted || context === null) return;
    for (const [hertz, after] of TONES) {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      const from = context.currentTime + after;
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(LOUDNESS, from);
      loudness.gain.exponentialRampToValueAtTime(0.001, from + TONE_SECONDS);
      tone.connect(loudness).connect(context.destination);
      tone.start(from);
      tone.stop(from + TONE_SECONDS);
    }
  }
}
