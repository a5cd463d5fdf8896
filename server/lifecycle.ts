// What was opened is closed in reverse, each step by name; a start that fails half way unwinds by the same path.

export interface Lifecycle {
  /** Registers the closing of what was just opened. */
  onClose(name: string, close: () => Promise<void> | void): void;
  /** Closes everything once; names of the steps that failed, with why. */
  close(): Promise<readonly string[]>;
}

export function createLifecycle(): Lifecycle {
  const steps: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];
  let closing: Promise<readonly string[]> | null = null;

  async function closeAll(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step.close();
      } catch (error) {
        // One step that fails must not keep the others open.
        failures.push(`${step.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return failures;
  }

  return {
    onClose(name, close) {
      steps.push({ name, close });
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
