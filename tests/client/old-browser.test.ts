// What a browser of 2020 does not have and the desk does without.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeHelpLink } from '../../client/desk/help-links.ts';

afterEach(() => vi.unstubAllGlobals());

describe('a personal link that was just made', () => {
  const made = (url: unknown) => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ url, svg: '' }))));
    return makeHelpLink('anna');
  };

  it('[DSK-53] is shown in a browser that cannot ask whether an address is one', async () => {
    class Old extends URL {}
    Object.defineProperty(Old, 'canParse', { value: undefined });
    vi.stubGlobal('URL', Old);
    const url = 'https://pharos.example/help#token';
    expect(await made(url)).toEqual({ url, qr: null, isOnlyHere: false });
    expect(await made('http://127.0.0.1:8080/help#token')).toMatchObject({ isOnlyHere: true });
  });

  it('[DSK-53] is said to be not understood where it is no address', async () => {
    for (const url of ['', 'help', 7, null])
      expect(await made(url)).toEqual({ trouble: 'words', status: 200 });
  });
});
