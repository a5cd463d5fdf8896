// Access put together: everything that knows who somebody is, on the shelves of a site.
import type { Shelves } from '../log/shelves.ts';
import { Accounts } from './accounts.ts';
import { BegunSignIns } from './begun-sign-ins.ts';
import { HelpLinks } from './help-links.ts';
import { Pairings } from './pairings.ts';
import { OpenId } from './open-id.ts';
import type { OpenIdSettings } from './open-id.ts';
import { recordsOn } from './records.ts';
import { ScreenSigns } from './screen-signs.ts';
import { Screens } from './screens.ts';
import type { Random } from './secret.ts';
import { Sessions } from './sessions.ts';
import { SourceTokens } from './sources.ts';
import { TrailBook } from './trail.ts';

export interface AccessOptions {
  readonly shelves: Shelves;
  /** The site's clock. */
  readonly now: () => number;
  readonly random: Random;
  /** The company's own sign-in; null: there is none. */
  readonly openId?: OpenIdSettings | null;
}

export type Access = ReturnType<typeof openAccess>;

export function openAccess({ shelves, now, random, openId = null }: AccessOptions) {
  const records = recordsOn(shelves);
  const pairings = new Pairings({ kept: records.pairings, now, random });
  return {
    records,
    accounts: new Accounts({ ...records, now, random }),
    sessions: new Sessions({ kept: records.sessions, now, random }),
    openId: openId === null ? null : new OpenId(openId, now),
    begunSignIns: new BegunSignIns({ kept: records.begunSignIns, now, random }),
    sources: new SourceTokens({ kept: records.sources, now, random }),
    pairings,
    screens: new Screens({ kept: records.screens, signs: records.signs, pairings, now }),
    screenSigns: new ScreenSigns({ kept: records.signs, now }),
    helpLinks: new HelpLinks({ store: records.helpLinks, now, random }),
    trail: new TrailBook(shelves.trail, now),
  };
}
