// Push in this browser: on or off for whoever sits at the desk. A browser tells one person, so that it goes with whoever sits down at it.
import type { ChannelsAnswer } from '../../server/contract/channels.ts';
import type { Language } from '../../server/contract/lists.ts';
import type { Cancel, Clock } from '../live/clock.ts';
import { inTime } from '../live/in-time.ts';
import { browserId, browserName, keyBytes, pushChannel } from '../lib/push-channel.ts';
import { dropChannel, putChannel, readChannels } from './channels-said.ts';
import type { ChannelAt } from './channels-said.ts';
import { cannot, readSigns } from './push-can.ts';
import type { Cannot } from './push-can.ts';
import type { Trouble } from '../live/ask.ts';

export type PushState =
  | { readonly kind: 'looking' | 'on' | 'off' | 'turning' }
  | { readonly kind: 'cannot'; readonly why: Cannot }
  /** On or off is not known. */
  | { readonly kind: 'unread'; readonly trouble: Trouble };

/** `service`: the browser's own push service did not take it. `silent`: it says nothing. */
export type PushTrouble =
  Trouble | { readonly trouble: 'service'; readonly said: string } | { readonly trouble: 'silent' };

export interface Sitting {
  readonly person: string;
  readonly language: Language;
}

const WORKER = '/sw.js';
/** A browser whose push service cannot be reached may wait for it without end (milliseconds). */
const SERVICE_MS = 10_000;
/** Between two questions of how it stands, while the server does not say (milliseconds). */
const AGAIN_MS = 10_000;

export class BrowserPush {
  state = $state.raw<PushState>({ kind: 'looking' });
  /** Why the last press was not done. */
  trouble = $state.raw<PushTrouble | null>(null);
  /** Name of this browser's channel; null: it has no subscription. */
  id = $state.raw<string | null>(null);
  /** The last look counts; an older one that comes late does not. */
  #looks = 0;
  #person: string | null = null;
  #again: Cancel = () => undefined;
  readonly #clock: Pick<Clock, 'after'>;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** How it stands for this person; a browser that was another's until now becomes theirs. Where the server does not say, it is asked again until it does. */
  async look(sitting: Sitting): Promise<void> {
    const look = ++this.#looks;
    this.#again();
    this.#seat(sitting);
    const why = cannot(readSigns());
    if (why !== null) {
      this.id = null;
      this.#stands({ kind: 'cannot', why });
      return;
    }
    try {
      const found = await this.#subscription();
      const answer = found && (await readChannels(found.id));
      if (look !== this.#looks) return;
      this.id = found?.id ?? null;
      if (found === null || answer === null) this.state = { kind: 'off' };
      else if ('trouble' in answer) this.#unread(answer, sitting);
      else await this.#follow(found, answer, sitting);
    } catch (error) {
      if (look === this.#looks) this.#unserved(error);
    }
  }

  /** To be called from a click, since a browser asks its person only then. */
  async turnOn(sitting: Sitting): Promise<void> {
    if (this.state.kind === 'turning' || this.state.kind === 'cannot') return;
    this.#begin();
    const permission = await Notification.requestPermission();
    if (permission !== 'granted') {
      this.state = permission === 'denied' ? { kind: 'cannot', why: 'denied' } : { kind: 'off' };
      return;
    }
    const answer = await readChannels(null);
    if ('trouble' in answer) {
      this.#failed(answer);
      return;
    }
    try {
      const waiting = { clock: this.#clock, ms: SERVICE_MS };
      const subscription = await inTime(waiting, () => subscribe(answer.pushKey));
      if (subscription === null) {
        // One that comes after all is known to no server, and the next press finds it there.
        this.trouble = { trouble: 'silent' };
        this.state = { kind: 'off' };
        return;
      }
      const id = await browserId(subscription.endpoint);
      await this.#register({ subscription, id }, sitting, false);
    } catch (error) {
      this.#unserved(error);
    }
  }

  async turnOff({ person }: Pick<Sitting, 'person'>): Promise<void> {
    if (this.state.kind !== 'on') return;
    this.#begin();
    const found = await this.#subscription();
    // Also where the server cannot be told: it finds at its next push that this one has ended.
    await found?.subscription.unsubscribe().catch(() => false);
    if (found !== null) this.trouble = await dropChannel(placeOf(person, found.id));
    this.id = null;
    this.state = { kind: 'off' };
  }

  /** What is known of one person is not said of the next. */
  #seat({ person }: Sitting): void {
    if (this.#person !== null && this.#person !== person) this.#stands({ kind: 'looking' });
    this.#person = person;
  }

  #stands(state: PushState): void {
    this.state = state;
    this.trouble = null;
  }

  #unread(trouble: Trouble, sitting: Sitting): void {
    this.#stands({ kind: 'unread', trouble });
    // Who is not signed in any more stays so here.
    if (trouble.status === 401) return;
    this.#again = this.#clock.after(AGAIN_MS, () => void this.look(sitting));
  }

  #unserved(error: unknown): void {
    this.trouble = { trouble: 'service', said: error instanceof Error ? error.message : '' };
    this.state = { kind: 'off' };
  }

  #begin(): void {
    this.#looks += 1;
    this.#again();
    this.trouble = null;
    this.state = { kind: 'turning' };
  }

  #failed(trouble: Trouble): void {
    this.trouble = trouble;
    this.state = { kind: 'off' };
  }

  async #follow(found: Found, answer: ChannelsAnswer, sitting: Sitting): Promise<void> {
    const channel = answer.channels.find(({ kind, id }) => kind === 'push' && id === found.id);
    if (answer.browser === 'nobody') this.state = { kind: 'off' };
    else if (answer.browser === 'mine' && channel?.language === sitting.language)
      this.#stands({ kind: 'on' });
    else await this.#register(found, sitting, channel?.breaksQuiet ?? false);
  }

  async #register(found: Found, sitting: Sitting, breaksQuiet: boolean): Promise<void> {
    const { person, language } = sitting;
    const name = browserName(navigator.userAgent);
    const channel = pushChannel(found.subscription, { name, language, breaksQuiet });
    if (channel === null) throw new Error('the browser gave no keys');
    this.trouble = await putChannel(placeOf(person, found.id), channel);
    this.id = found.id;
    this.state = { kind: this.trouble === null ? 'on' : 'off' };
  }

  async #subscription(): Promise<Found | null> {
    const registration = await navigator.serviceWorker.getRegistration('/');
    const subscription = await registration?.pushManager.getSubscription();
    return subscription ? { subscription, id: await browserId(subscription.endpoint) } : null;
  }
}

interface Found {
  readonly subscription: PushSubscription;
  readonly id: string;
}

function placeOf(person: string, id: string): ChannelAt {
  return { owner: 'person', of: person, id };
}

async function subscribe(key: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register(WORKER, { scope: '/' });
  const { pushManager } = await navigator.serviceWorker.ready;
  const applicationServerKey = keyBytes(key);
  const before = await pushManager.getSubscription();
  // One that was made for another site's key would be refused by the browser.
  if (before !== null && !isSame(before.options.applicationServerKey, applicationServerKey))
    await before.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

function isSame(one: ArrayBuffer | null, other: Uint8Array): boolean {
  const bytes = one === null ? [] : Array.from(new Uint8Array(one));
  return bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
}
