// One AMI message: its keys in the order of arrival, keys that repeat as lists.

export class Message {
  readonly #fields: ReadonlyMap<string, readonly string[]>;

  constructor(fields: ReadonlyMap<string, readonly string[]>) {
    this.#fields = fields;
  }

  /** From plain objects, such as a recording's JSON; keys keep their case, values that are lists repeat. */
  static of(object: Readonly<Record<string, unknown>>): Message {
    const fields = new Map<string, string[]>();
    for (const [key, value] of Object.entries(object)) {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      fields.set(
        key.toLowerCase(),
        values.map((one) => (typeof one === 'string' ? one : (JSON.stringify(one) ?? ''))),
      );
    }
    return new Message(fields);
  }

  /** The event's name, or an empty string where it is an answer. */
  get event(): string {
    return this.text('Event');
  }

  /** `Success`, `Error`, …; an empty string where it is an event. */
  get response(): string {
    return this.text('Response');
  }

  get actionId(): string {
    return this.text('ActionID');
  }

  /** The first value of a key in any case; an empty string where there is none. */
  text(key: string): string {
    return this.#fields.get(key.toLowerCase())?.[0] ?? '';
  }

  /** Like `text`, with Asterisk's ways to say that nothing is known as an empty string. */
  known(key: string): string {
    const value = this.text(key);
    return value === '<unknown>' || value === 'unknown' || value === '(null)' ? '' : value;
  }

  /** Null where the key is missing or is not a number. */
  number(key: string): number | null {
    const value = this.text(key);
    if (value === '') return null;
    const number = Number(value);
    return Number.isFinite(number) ? number : null;
  }

  /** True for Asterisk's `1`, `yes`, `true`. */
  flag(key: string): boolean {
    return /^(1|yes|true|on)$/i.test(this.text(key));
  }

  has(key: string): boolean {
    return this.#fields.has(key.toLowerCase());
  }

  all(key: string): readonly string[] {
    return this.#fields.get(key.toLowerCase()) ?? [];
  }

  entries(): IterableIterator<[string, readonly string[]]> {
    return this.#fields.entries();
  }
}
