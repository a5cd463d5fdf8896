// The words of the page that a notification's link opens, in the three languages; it runs without JavaScript, so the server says them.
import type { Language } from '../contract/lists.ts';

export interface LinkWords {
  readonly take: string;
  readonly giveBack: string;
  readonly you: string;
  readonly nobody: string;
  readonly ended: string;
  readonly snoozed: string;
  readonly stale: string;
  readonly desk: string;
  /** What became of a press. */
  readonly moved: string;
  readonly notAllowed: string;
  readonly later: string;
  readonly gone: string;
  readonly has: (name: string) => string;
  /** Of a promise: taking it takes it over. */
  readonly calls: (name: string) => string;
  readonly since: (time: string) => string;
  readonly asOf: (time: string) => string;
}

export const LINK_WORDS: Readonly<Record<Language, LinkWords>> = {
  en: {
    take: 'I have it',
    giveBack: 'Give it back',
    you: 'You have it.',
    nobody: 'Nobody has it yet.',
    ended: 'It is over.',
    snoozed: 'It was put off.',
    stale: 'What is known of it is old: its source is silent.',
    desk: 'Open the desk',
    moved: 'It has moved since this page was opened. This is how it stands now.',
    notAllowed: 'You may not take it any more.',
    later: 'Pharos could not write it down. Please try again.',
    gone: 'This link is over. Please open the desk.',
    has: (name) => `${name} has it.`,
    calls: (name) => `${name} has said that they will call. If you take it, it is yours.`,
    since: (time) => `since ${time}`,
    asOf: (time) => `as of ${time}`,
  },
  zh: {
    take: '我来处理',
    giveBack: '交还',
    you: '您正在处理。',
    nobody: '尚无人接手。',
    ended: '已结束。',
    snoozed: '已推迟。',
    stale: '数据源静默，以下信息可能已过时。',
    desk: '打开主管台',
    moved: '打开本页后情况已有变化，以下为最新状态。',
    notAllowed: '您已无权接手。',
    later: '未能记录，请重试。',
    gone: '此链接已失效，请打开主管台。',
    has: (name) => `${name} 正在处理。`,
    calls: (name) => `${name} 已表示会回电。若您接手，则由您负责。`,
    since: (time) => `自 ${time}`,
    asOf: (time) => `截至 ${time}`,
  },
  lv: {
    take: 'Es to daru',
    giveBack: 'Atdot atpakaļ',
    you: 'To darāt jūs.',
    nobody: 'Vēl neviens to nav uzņēmies.',
    ended: 'Tas ir beidzies.',
    snoozed: 'Tas ir atlikts.',
    stale: 'Zināmais ir vecs: avots klusē.',
    desk: 'Atvērt lapu “Galds”',
    moved: 'Kopš lapas atvēršanas kaut kas mainījies. Tagad ir tā.',
    notAllowed: 'Jūs vairs nevarat to uzņemties.',
    later: 'Pharos nevarēja to pierakstīt. Lūdzu, mēģiniet vēlreiz.',
    gone: 'Šī saite vairs neder. Lūdzu, atveriet lapu “Galds”.',
    has: (name) => `To dara ${name}.`,
    calls: (name) => `${name} ir teicis, ka zvanīs. Ja uzņematies, zvanāt jūs.`,
    since: (time) => `kopš ${time}`,
    asOf: (time) => `uz ${time}`,
  },
};
