// JSON of something large, written piece by piece, so that whoever else waits for the processor comes to it in between.

/** Elements of a list that are written at once; some hundred kilobytes of the largest rows. */
const SLICE = 250;

/** The bytes of `JSON.stringify(value)`. `breathe` is awaited after each slice of a long list; `value` must not change meanwhile. Plain data only. */
export async function jsonInSlices(value: unknown, breathe: () => Promise<void>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const write = (text: string): void => void pieces.push(Buffer.from(text));

  async function writeValue(of: unknown): Promise<void> {
    if (Array.isArray(of) && of.length > SLICE) await writeList(of);
    else if (typeof of === 'object' && of !== null && !Array.isArray(of)) await writeObject(of);
    else write(JSON.stringify(of));
  }

  async function writeObject(object: object): Promise<void> {
    let before = '{';
    for (const [name, inner] of Object.entries(object)) {
      if (inner === undefined) continue;
      write(`${before}${JSON.stringify(name)}:`);
      await writeValue(inner);
      before = ',';
    }
    write(before === '{' ? '{}' : '}');
  }

  async function writeList(list: readonly unknown[]): Promise<void> {
    for (let at = 0; at < list.length; at += SLICE) {
      const slice = JSON.stringify(list.slice(at, at + SLICE));
      write((at === 0 ? '[' : ',') + slice.slice(1, -1));
      await breathe();
    }
    write(']');
  }

  await writeValue(value);
  return Buffer.concat(pieces);
}
