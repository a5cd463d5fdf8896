// The page on which an agent asks for help: the link's token, the call to Pharos, and what is shown of it.
import { duration } from '../../server/contract/duration.ts';
import { langOf } from '../../server/contract/lang.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { Language } from '../../server/contract/lists.ts';
import { readSession } from '../live/ask.ts';
import { browserClock } from '../live/clock.ts';
import { Asking } from './asking.ts';
import type { Call, HelpView } from './asking.ts';
import './help.css';
import { HELP_WORDS } from './words.ts';
import type { HelpWords } from './words.ts';

const language = chooseLanguage(navigator.languages);
/** Whether an account is behind this page; null until that is known. */
let signedIn: boolean | null = null;
const place = document.getElementById('help');
if (place !== null) show(place, HELP_WORDS[language]);

function show(target: HTMLElement, words: HelpWords): void {
  document.documentElement.lang = langOf(language);
  document.title = words.title;
  const asking = new Asking({ call, clock: browserClock, random: Math.random, onChange: render });
  let about: string | null = null;

  const name = element('h1');
  const cut = element('p', 'cut');
  cut.setAttribute('role', 'alert');
  const state = element('p', 'state');
  state.setAttribute('role', 'status');
  const age = element('p', 'age');
  const need = button(words.need, () => {
    asking.ask(about);
    // The next call for help is about something else.
    about = null;
    render();
  });
  need.className = 'need';
  const reasons = element('div');
  reasons.setAttribute('role', 'group');
  reasons.setAttribute('aria-label', words.about);
  const asks = element('p', 'about');
  asks.textContent = words.about;
  const choices = words.reasons.map((reason) =>
    button(reason, () => {
      about = about === reason ? null : reason;
      render();
    }),
  );
  reasons.append(asks, ...choices);
  const end = button(words.noLonger, () => asking.end());
  const enter = link(words.signIn, '/sign-in?next=%2Fhelp');
  const own = element('div', 'own');
  own.append(link(words.account, '/desk/account'), signOut(words.signOut));
  target.append(name, cut, state, age, need, reasons, end, enter, own);
  browserClock.every(1_000, render);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) asking.look();
  });
  // Another link in the same tab is another agent's.
  addEventListener('hashchange', () => location.reload());
  render();

  function render(): void {
    const view = asking.view;
    const { kind } = view.state;
    write(name, view.name);
    write(cut, cutWords(view, words));
    write(state, stateWords(view, words));
    write(age, ageWords(view, words));
    need.hidden = reasons.hidden = kind !== 'calm';
    end.hidden = kind !== 'asked' && kind !== 'asking';
    enter.hidden = hasToken() || kind !== 'ended';
    // A personal link is nobody's account.
    own.hidden = hasToken() || kind === 'ended' || view.name === '';
    for (const choice of choices)
      choice.setAttribute('aria-pressed', String(choice.textContent === about));
  }
}

/** Never that somebody was asked before Pharos said so. */
function stateWords({ state }: HelpView, words: HelpWords): string {
  switch (state.kind) {
    case 'looking':
      return words.looking;
    case 'ended':
      return hasToken() ? words.ended : words.none;
    case 'calm':
      return '';
    case 'asking':
      return words.asking;
    case 'asked':
      return state.coming === null ? words.asked : words.coming(state.coming);
    case 'ending':
      return words.ending;
    default:
      return state satisfies never;
  }
}

function ageWords({ state }: HelpView, words: HelpWords): string {
  if (state.kind !== 'asked') return '';
  const { forMs, comingForMs } = state;
  const asked = words.since(duration(forMs));
  return comingForMs === null ? asked : `${words.onTheWay(duration(comingForMs))} · ${asked}`;
}

function cutWords({ state, isCut }: HelpView, words: HelpWords): string {
  if (!isCut || state.kind === 'ended') return '';
  return state.kind === 'asking' ? `${words.cut} ${words.notYet}` : words.cut;
}

/** The token stands behind the `#`, where no server and no log sees it; without one it is whoever signed in. */
async function call(...[method, body, signal]: Parameters<Call>): ReturnType<Call> {
  // Nobody needs to be asked whose a missing link is, unless somebody signed in.
  if (!hasToken() && !(await isSignedIn())) return { status: 401, body: null };
  const response = await fetch('/api/v1/help', {
    method,
    cache: 'no-store',
    signal,
    headers: {
      ...(hasToken() ? { authorization: `Help ${location.hash.slice(1)}` } : {}),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

/** Rejects where nobody can say it; a session that ended since is said by the call itself. */
async function isSignedIn(): Promise<boolean> {
  if (signedIn !== null) return signedIn;
  const said = await readSession();
  if ('trouble' in said && ![401, 403].includes(said.status)) throw new Error(said.trouble);
  signedIn = !('trouble' in said) && said.account !== null;
  return signedIn;
}

function hasToken(): boolean {
  return location.hash.length > 1;
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
  target.hidden = text === '';
}

function element(kind: 'h1' | 'p' | 'div', className = ''): HTMLElement {
  const made = document.createElement(kind);
  made.className = className;
  return made;
}

function link(text: string, href: string): HTMLAnchorElement {
  const made = document.createElement('a');
  made.href = href;
  made.textContent = text;
  return made;
}

/** By a form of its own, so that it ends the session whatever becomes of this script. */
function signOut(text: string): HTMLFormElement {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/sign-out';
  const press = document.createElement('button');
  press.textContent = text;
  form.append(press);
  return form;
}

function button(text: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', press);
  return made;
}
