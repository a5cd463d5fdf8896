// What was opened is closed in reverse, each step by name; a start that fails half way unwinds by the same path.
import { systemClock } from './clock.ts';
import type { Cancel, Clock } from './clock.ts';
import { wordsOf } from './words-of.ts';

/** Milliseconds for one step: whoever asks us to end gives ten seconds or so before he kills. */
const PATIENCE_MS = 4_000;

export interface Lifecycle {
  /** Registers the closing of what was just opened; one that takes longer than `patienceMs` is left behind. */
  onClose(name: string, close: () => Promise<void> | void, patienceMs?: number): void;
  /** Closes everything once; names of the steps that failed or were left behind, with why. */
  close(): Promise<readonly string[]>;
}

interface Step {
  readonly name: string;
  readonly close: () => Promise<void> | void;
  readonly patienceMs: number;
}

export function createLifecycle(clock: Clock = systemClock): Lifecycle {
  const steps: Step[] = [];
  let closing: Promise<readonly string[]> | null = null;

  async function closeAll(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await inTime(step, clock);
      } catch (error) {
        // One step that fails must not keep the others open.
        failures.push(`${step.name}: ${wordsOf(error)}`);
      }
    }
    return failures;
  }

  return {
    onClose(name, close, patienceMs = PATIENCE_MS) {
      steps.push({ name, close, patienceMs });
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Rejects when the step is not done in time; those below it close all the same, which often ends it. */
async function inTime({ close, patienceMs }: Step, clock: Clock): Promise<void> {
  let cancel: Cancel = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(patienceMs, () =>
      reject(new Error(`not done within ${patienceMs / 1_000} s`)),
    );
  });
  try {
    await Promise.race([close(), late]);
  } finally {
    cancel();
  }
}
