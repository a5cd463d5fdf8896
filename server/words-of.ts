// What an error says, whatever was thrown.

/** Its message, or the thrown thing as text. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
