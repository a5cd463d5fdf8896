// What has already happened, told so that nobody takes it for the present: each story in one piece, in the order in which the stories ended.
import type { NewEvent } from '../../events/event.ts';
import type { Ledger } from './simulation.ts';

/**
 * `all`: whatever is over, contacts too. `ledger`: only what a snapshot cannot say, promises with their proofs and requests for
 * help. `open`: of these only what is still open.
 */
export type Telling = 'all' | 'ledger' | 'open';

/** What leaves no trace in a day's figures; a morning is told sooner without it. */
const PASSING: ReadonlySet<string> = new Set(['contact.ringing', 'contact.unanswered']);

/**
 * A floor that reads old events one by one would see an old wait as a wait of hours, and a kept promise as broken, until the end
 * of the story comes by; so the events of one contact or one promise stand side by side. Each list inside is one story.
 * What is open at the end is left to the snapshot, besides promises and requests for help, which no snapshot carries.
 */
export function condense(
  events: readonly NewEvent[],
  { telling, ledger }: { readonly telling: Telling; readonly ledger: Ledger },
): readonly (readonly NewEvent[])[] {
  const stories: (readonly NewEvent[])[] = [];
  const contacts = new Map<string, NewEvent[]>();
  const callbacks = new Map<string, NewEvent[]>();
  const assists = new Map<string, NewEvent[]>();
  /** Outbound contact to the promise that it keeps. */
  const keeps = new Map<string, string>();
  const wrapUps = new Map<string, NewEvent<'agent.state'>>();

  for (const event of events) {
    switch (event.type) {
      case 'callback.promised':
      case 'callback.claimed':
      case 'callback.attempted':
      case 'callback.completed':
      case 'callback.cancelled':
        put(callbacks, event.subject, event);
        break;
      case 'assist.requested':
      case 'assist.claimed':
      case 'assist.closed':
        put(assists, event.subject, event);
        break;
      case 'contact.started':
        if (event.data.callback !== undefined) {
          keeps.set(event.subject, event.data.callback);
          put(callbacks, event.data.callback, event);
        } else put(contacts, event.subject, event);
        break;
      case 'agent.state':
        if (telling === 'all') tellWrapUp(event);
        break;
      default:
        if (event.type.startsWith('contact.')) tellContact(event);
    }
  }
  const openCallbacks = new Set(ledger.callbacks.map(({ id }) => id));
  const openAssists = new Set(ledger.assists);
  const stillOpen: NewEvent[][] = [];
  for (const [id, story] of callbacks)
    if (openCallbacks.has(id)) stillOpen.push(story);
    else if (telling === 'ledger') stories.push(story);
    else if (telling === 'all' && isClosed(story)) stories.push(proofFirst(story));
  for (const [id, story] of assists)
    if (openAssists.has(id) || telling === 'ledger') stillOpen.push(story);
  return [...stories, ...stillOpen];

  function tellContact(event: NewEvent): void {
    const callback = keeps.get(event.subject);
    if (callback !== undefined) return put(callbacks, callback, event);
    if (telling !== 'all' || PASSING.has(event.type)) return;
    put(contacts, event.subject, event);
    if (event.type !== 'contact.ended') return;
    stories.push(contacts.get(event.subject) ?? []);
    contacts.delete(event.subject);
  }

  /** A wrap-up is told once its end is known, unless its contact has gone on to somebody else and is told later. */
  function tellWrapUp(event: NewEvent<'agent.state'>): void {
    const begun = wrapUps.get(event.subject);
    wrapUps.delete(event.subject);
    // Without the contact's name: told a little late, it may no longer be the agent's last.
    if (begun)
      stories.push([
        { ...begun, data: { state: 'wrapup' } },
        { ...event, data: { state: 'available' } },
      ]);
    const isOver = !contacts.has(event.data.contact ?? '');
    if (event.data.state === 'wrapup' && isOver) wrapUps.set(event.subject, event);
  }
}

/** The customer who rang first ended the story without a word in it, and such a one is left out. */
function isClosed(story: readonly NewEvent[]): boolean {
  const last = story.findLast((event) => event.type.startsWith('callback.'));
  return (
    last?.type === 'callback.cancelled' ||
    (last?.type === 'callback.attempted' && last.data.result === 'answered')
  );
}

/**
 * A promise that is read after it was due is broken for ever in the same moment, unless its proof is known by then; and calls
 * that connected are remembered, so the call that kept it comes first. Calls that nobody took are left out, the ledger names them.
 */
function proofFirst(story: readonly NewEvent[]): readonly NewEvent[] {
  const isCall = (event: NewEvent): boolean => event.type.startsWith('contact.');
  const proof = story.findLast(isCall)?.subject;
  return [
    ...story.filter((event) => isCall(event) && event.subject === proof),
    ...story.filter((event) => !isCall(event)),
  ];
}

function put(stories: Map<string, NewEvent[]>, id: string, event: NewEvent): void {
  const story = stories.get(id);
  if (story) story.push(event);
  else stories.set(id, [event]);
}
