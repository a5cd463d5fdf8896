// The sealed note in a notification's links: what it lets its reader do, and until when.
import { describe, expect, it } from 'vitest';
import { createCapabilities } from '../../server/notify/capability.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const note = { episode: 'ep1', person: 'lea ž', until: NOON + 60_000 };

describe('a capability', () => {
  it('[NOT-1] says the episode, the person and the end, to every server of the site', () => {
    const token = createCapabilities('k', () => NOON).make(note);
    expect(createCapabilities('k', () => NOON).readCapability(token)).toEqual(note);
    expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  it('[NOT-1] is nothing once its end has come', () => {
    let now = NOON;
    const sealed = createCapabilities('k', () => now);
    const { readCapability } = sealed;
    const token = sealed.make(note);
    now = note.until - 1;
    expect(readCapability(token)).toEqual(note);
    now = note.until;
    expect(readCapability(token)).toBeNull();
  });

  it('[NOT-1] is nothing if one sign of it is another, or the key', () => {
    const sealed = createCapabilities('k', () => NOON);
    const { readCapability } = sealed;
    const token = sealed.make(note);
    expect(createCapabilities('other', () => NOON).readCapability(token)).toBeNull();
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(readCapability(token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
      expect(readCapability(token.slice(0, at))).toBeNull();
    }
    for (const odd of ['', '.', '..', `${token}.`, `${token}A`, 'x'.repeat(5_000), '\0.\0'])
      expect(readCapability(odd), odd).toBeNull();
  });
});
