// Who sits at this desk: asked of the session at the start, whenever that may be another, and told to the other tabs of this browser.
import type { PersonSaid, SessionSaid } from '../../server/contract/commands.ts';
import type { Trouble } from '../live/ask.ts';

export type Session =
  | { readonly kind: 'asking' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'person'; readonly person: PersonSaid };

export interface WhoSitsOptions {
  readonly read: () => Promise<SessionSaid | Trouble>;
  readonly sit: (agent: string) => Promise<PersonSaid | Trouble>;
  /** Another person than a moment ago, or nobody any more. */
  readonly changed: (from: Session['kind']) => void;
}

/** Where tabs of one session tell each other that another person sits there. */
const CHANNEL = 'pharos.desk.who';
/** The session is over; whatever else stands against an answer says nothing of who sits here. */
const NOT_IN: readonly number[] = [401, 403];

export class WhoSits {
  session = $state.raw<Session>({ kind: 'asking' });
  /** What the server said last of whoever is here; null: it did not yet, or nobody is any more. */
  said = $state.raw<SessionSaid | null>(null);
  readonly #options: WhoSitsOptions;
  #tabs: BroadcastChannel | null = null;
  /** The last question counts; an older one that is answered late does not. */
  #asks = 0;
  /** Who is being left by "Not you?": the question stays open although the session still names them. */
  #left: string | null = null;

  constructor(options: WhoSitsOptions) {
    this.#options = options;
  }

  get person(): PersonSaid | null {
    return this.session.kind === 'person' ? this.session.person : null;
  }

  /** Asks again when the tab comes to sight and when another tab says so, until the answer is called. */
  watch(): () => void {
    const seen = (): void => {
      if (!document.hidden) void this.ask();
    };
    document.addEventListener('visibilitychange', seen);
    // Safari has it from 15.4 on.
    this.#tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : null;
    this.#tabs?.addEventListener('message', () => void this.ask());
    return () => {
      document.removeEventListener('visibilitychange', seen);
      this.#tabs?.close();
      this.#tabs = null;
    };
  }

  /** What is shown stays until it is answered, and where it is not answered. */
  async ask(): Promise<void> {
    const ask = ++this.#asks;
    const said = await this.#options.read();
    if (ask !== this.#asks) return;
    if ('trouble' in said) {
      this.#unread(said);
      return;
    }
    this.said = said;
    if (said.person === null) this.#now({ kind: 'nobody' });
    else if (said.person.id !== this.#left) this.#now({ kind: 'person', person: said.person });
  }

  /** Null: it is kept; else what stood against it. */
  async be(agent: string): Promise<Trouble | null> {
    const said = await this.#options.sit(agent);
    this.#asks += 1;
    this.#tabs?.postMessage('changed');
    if ('trouble' in said) return said;
    this.#now({ kind: 'person', person: said });
    return null;
  }

  /** "Not you?" */
  askAnew(): void {
    const { person } = this;
    this.#now({ kind: 'nobody' });
    this.#left = person?.id ?? null;
  }

  #unread(trouble: Trouble): void {
    const isKnown = this.session.kind === 'person' || this.session.kind === 'nobody';
    if (NOT_IN.includes(trouble.status)) this.said = null;
    if (!isKnown || NOT_IN.includes(trouble.status)) this.#now({ kind: 'trouble', trouble });
  }

  #now(session: Session): void {
    const { person: was, session: from } = this;
    this.session = session;
    this.#left = null;
    if (was?.id !== this.person?.id) this.#options.changed(from.kind);
  }
}
