// Push in this browser: on or off for whoever sits at the desk. A browser tells one person, so that it goes with whoever sits down at it.
import type { ChannelsAnswer } from '../../server/contract/channels.ts';
import type { Language } from '../../server/contract/lists.ts';
import type { Cancel, Clock } from '../live/clock.ts';
import { browserId, browserName, keyBytes, pushChannel } from '../lib/push-channel.ts';
import { dropChannel, putChannel, readChannels } from './channels-said.ts';
import type { ChannelAt } from './channels-said.ts';
import { cannot, readSigns } from './push-can.ts';
import type { Cannot } from './push-can.ts';
import type { Trouble } from './server-said.ts';

export type PushState =
  | { readonly kind: 'looking' | 'on' | 'off' | 'turning' }
  | { readonly kind: 'cannot'; readonly why: Cannot };

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

export class BrowserPush {
  state = $state.raw<PushState>({ kind: 'looking' });
  trouble = $state.raw<PushTrouble | null>(null);
  /** Name of this browser's channel; null: it has no subscription. */
  id = $state.raw<string | null>(null);
  /** The last look counts; an older one that comes late does not. */
  #looks = 0;
  readonly #clock: Pick<Clock, 'after'>;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** How it stands for this person; a browser that was another's until now becomes theirs. */
  async look(sitting: Sitting): Promise<void> {
    const look = ++this.#looks;
    const why = cannot(readSigns());
    const found = why === null ? await this.#subscription() : null;
    const answer = found && (await readChannels(found.id));
    if (look !== this.#looks) return;
    this.id = found?.id ?? null;
    if (why !== null) this.state = { kind: 'cannot', why };
    else if (found === null || answer === null) this.state = { kind: 'off' };
    else if ('trouble' in answer)
      // On or off is not known; it is asked again when the server is back.
      this.trouble = answer;
    else await this.#follow(found, answer, sitting);
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
      const subscription = await this.#inTime(subscribe(answer.pushKey));
      if (subscription === null) {
        // One that comes after all is known to no server, and the next press finds it there.
        this.trouble = { trouble: 'silent' };
        this.state = { kind: 'off' };
        return;
      }
      const id = await browserId(subscription.endpoint);
      await this.#register({ subscription, id }, sitting, false);
    } catch (error) {
      this.trouble = { trouble: 'service', said: error instanceof Error ? error.message : '' };
      this.state = { kind: 'off' };
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

  /** Null: it did not come. */
  async #inTime<T>(work: Promise<T>): Promise<T | null> {
    let cancel: Cancel = () => undefined;
    const late = new Promise<null>((give) => {
      cancel = this.#clock.after(SERVICE_MS, () => give(null));
    });
    return Promise.race([work, late]).finally(() => cancel());
  }

  #begin(): void {
    this.#looks += 1;
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
      this.state = { kind: 'on' };
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
