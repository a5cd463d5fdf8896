// The page on which a television is paired: asks for a code, shows it and where it is typed, and goes to its board.
import { duration } from '../../server/contract/duration.ts';
import { langOf } from '../../server/contract/lang.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { Language } from '../../server/contract/lists.ts';
import { browserClock } from '../live/clock.ts';
import { goWhenThere, serverIsThere } from '../live/go-when-there.ts';
import './pair.css';
import { TelevisionPairing } from './pairing.ts';
import type { AskPairing, PairingView } from './pairing.ts';
import { PAIR_WORDS } from './words.ts';
import type { PairWords } from './words.ts';

const language = chooseLanguage(navigator.languages);
const place = document.getElementById('pair');
if (place !== null) show(place, PAIR_WORDS[language]);

function show(target: HTMLElement, words: PairWords): void {
  document.documentElement.lang = langOf(language);
  document.title = `Pharos · ${words.title}`;
  const pairing = new TelevisionPairing({ ask, clock: browserClock, onChange: render });

  const title = element('h1');
  title.textContent = words.title;
  const steps = element('div', 'steps');
  const typed = element('div', 'typed');
  const url = element('p', 'url');
  const code = element('p', 'code');
  const good = element('p', 'good');
  typed.append(plain(words.open), url, plain(words.type), code, good);
  const scanned = element('div', 'scanned');
  const picture = document.createElement('img');
  scanned.append(picture, plain(words.scan));
  steps.append(typed, scanned);
  const state = element('p', 'state');
  state.setAttribute('role', 'status');
  target.append(title, steps, state);
  browserClock.every(1_000, render);
  let isGoing = false;
  render();

  function render(): void {
    const { view } = pairing;
    const shown = view.state.kind === 'shown' ? view.state : null;
    steps.hidden = shown === null;
    write(state, stateWords(view, words));
    if (shown !== null) {
      write(url, plainUrl(shown.url));
      write(code, shown.code);
      write(good, words.good(duration(shown.forMs)));
      // Once: a picture that is set again is decoded again.
      const source = `data:image/svg+xml,${encodeURIComponent(shown.svg)}`;
      if (picture.src !== source) picture.src = source;
      picture.alt = `${shown.url}?code=${shown.code}`;
    }
    if (view.state.kind !== 'paired' || isGoing) return;
    isGoing = true;
    const { path } = view.state;
    const go = (): void => location.replace(path);
    goWhenThere({ clock: browserClock, isThere: serverIsThere, go });
  }
}

function stateWords({ state, isCut }: PairingView, words: PairWords): string {
  if (state.kind === 'paired') return words.paired;
  if (isCut) return words.cut;
  switch (state.kind) {
    case 'asking':
      return words.asking;
    case 'waiting':
      return words[state.why];
    case 'shown':
      return '';
    default:
      return state satisfies never;
  }
}

async function ask(...[ticket, signal]: Parameters<AskPairing>): ReturnType<AskPairing> {
  const mine = { cache: 'no-store', signal } as const;
  const response =
    ticket === null
      ? await fetch('/api/v1/pairings', {
          ...mine,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ width: pixels(screen.width), height: pixels(screen.height) }),
        })
      : await fetch('/api/v1/pairings/mine', {
          ...mine,
          headers: { authorization: `Pairing ${ticket}` },
        });
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    status: response.status,
    // Whoever stands between may answer with a page of their own.
    body: (await response.json().catch(() => null)) as unknown,
    retryAfter: Number.isFinite(after) ? after : null,
  };
}

/** The screen's own, where the page is drawn larger than that. */
function pixels(css: number): number {
  return Math.round(css * devicePixelRatio);
}

/** As one types it: what a browser adds by itself is left out. */
function plainUrl(url: string): string {
  const { protocol, port } = new URL(url);
  return port === '' || protocol === 'http:' ? url.replace(/^https?:\/\//, '') : url;
}

function chooseLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const found = LANGUAGES.find((known) => known === wish.slice(0, 2).toLowerCase());
    if (found !== undefined) return found;
  }
  return 'en';
}

/** A text that is said again as it was would be read aloud again. */
function write(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

function plain(text: string): HTMLElement {
  const made = element('p');
  made.textContent = text;
  return made;
}

function element(kind: 'h1' | 'p' | 'div', className = ''): HTMLElement {
  const made = document.createElement(kind);
  made.className = className;
  return made;
}
