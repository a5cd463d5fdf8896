// The words of the page on which a television is paired, in the three languages.
import type { Language } from '../../server/contract/lists.ts';

export interface PairWords {
  readonly title: string;
  /** Before the address. */
  readonly open: string;
  /** Before the code. */
  readonly type: string;
  /** Beside the picture of the address. */
  readonly scan: string;
  readonly asking: string;
  readonly away: string;
  readonly often: string;
  readonly cut: string;
  readonly paired: string;
  readonly good: (time: string) => string;
}

export const PAIR_WORDS: Readonly<Record<Language, PairWords>> = {
  en: {
    title: 'Pair this television',
    open: 'On a phone or laptop, a supervisor opens',
    type: 'and types this code',
    scan: 'or scans this',
    asking: 'Asking for a code…',
    away: 'Pharos cannot give out a code just now. It tries again by itself.',
    often: 'Too many codes were asked for from here. It goes on by itself within a minute.',
    cut: 'No connection to Pharos. Trying again.',
    paired: 'Paired. The board is coming…',
    good: (time) => `This code is good for ${time}; then a new one comes.`,
  },
  zh: {
    title: '配对这台电视',
    open: '请主管用手机或电脑打开',
    type: '并输入此配对码',
    scan: '或扫描此二维码',
    asking: '正在获取配对码…',
    away: 'Pharos 暂时无法提供配对码，会自动重试。',
    often: '此处请求配对码过于频繁，一分钟内会自动继续。',
    cut: '无法连接 Pharos，正在重试。',
    paired: '配对成功，正在打开看板…',
    good: (time) => `此配对码在 ${time} 内有效，之后会自动更换。`,
  },
  lv: {
    title: 'Sapārot šo televizoru',
    open: 'Tālrunī vai datorā vadītājs atver',
    type: 'un ieraksta šo kodu',
    scan: 'vai noskenē šo',
    asking: 'Prasa kodu…',
    away: 'Pharos pašlaik nevar izsniegt kodu. Tas mēģinās vēlreiz pats.',
    often: 'No šejienes prasīts pārāk daudz kodu. Pēc minūtes tas turpinās pats.',
    cut: 'Nav savienojuma ar Pharos. Mēģina vēlreiz.',
    paired: 'Sapārots. Tāfele tūlīt būs…',
    good: (time) => `Šis kods der vēl ${time}; pēc tam nāks jauns.`,
  },
};
