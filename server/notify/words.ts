// What notifications say, in the site's language. They leave the house by mail and chat, so that the server has these words itself.
import type { Language } from '../contract/lists.ts';

export interface NoticeWords {
  since(time: string, age: string): string;
  due(time: string): string;
  taken(name: string): string;
  readonly untaken: string;
  readonly over: string;
  readonly raised: string;
  readonly unstable: string;
  nearest(name: string): string;
  /** Nobody could be told at these levels. */
  passed(levels: string): string;
  late(minutes: number): string;
  digest(count: number): string;
  /** Of a digest, what its lines do not name. */
  others(count: number): string;
  /** Of a notification by which a channel is tried. */
  readonly trial: string;
  readonly trialLine: string;
  readonly open: string;
  readonly take: string;
}

const en: NoticeWords = {
  since: (time, age) => `since ${time} (${age})`,
  due: (time) => `due ${time}`,
  taken: (name) => `${name} has it`,
  untaken: 'nobody yet',
  over: 'over',
  raised: 'worse now',
  unstable: 'comes and goes',
  nearest: (name) => `${name} is nearest`,
  passed: (levels) => `nobody could be told at level ${levels}`,
  late: (minutes) => `${minutes} min late`,
  digest: (count) => (count === 1 ? '1 more alert' : `${count} more alerts`),
  others: (count) => `and ${count} more`,
  trial: 'Trial notification',
  trialLine: 'This is how Pharos tells you. There is nothing to do.',
  open: 'Open',
  take: 'I have it',
};

const zh: NoticeWords = {
  since: (time, age) => `自 ${time}（${age}）`,
  due: (time) => `应于 ${time}`,
  taken: (name) => `${name} 处理中`,
  untaken: '尚无人接手',
  over: '已结束',
  raised: '情况加重',
  unstable: '反复出现',
  nearest: (name) => `最近：${name}`,
  passed: (levels) => `第 ${levels} 级无人可通知`,
  late: (minutes) => `迟了 ${minutes} 分钟`,
  digest: (count) => `另有 ${count} 条提醒`,
  others: (count) => `以及其他 ${count} 条`,
  trial: '测试通知',
  trialLine: 'Pharos 会这样通知您。无需处理。',
  open: '打开',
  take: '我来处理',
};

const lv: NoticeWords = {
  since: (time, age) => `kopš ${time} (${age})`,
  due: (time) => `līdz ${time}`,
  taken: (name) => `${name} to dara`,
  untaken: 'vēl neviens',
  over: 'beidzies',
  raised: 'kļuvis sliktāk',
  unstable: 'te ir, te nav',
  nearest: (name) => `tuvākais: ${name}`,
  passed: (levels) => `${levels}. līmenī nevienu nevarēja brīdināt`,
  late: (minutes) => `par ${minutes} min vēlāk`,
  digest: (count) =>
    count % 10 === 1 && count % 100 !== 11
      ? `vēl ${count} brīdinājums`
      : `vēl ${count} brīdinājumi`,
  others: (count) => `un vēl ${count}`,
  trial: 'Izmēģinājuma paziņojums',
  trialLine: 'Tā Pharos jums paziņos. Nekas nav jādara.',
  open: 'Atvērt',
  take: 'Es to daru',
};

export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = { en, zh, lv };
