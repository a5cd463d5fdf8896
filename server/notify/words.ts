// What notifications say, in the site's language. They leave the house by mail and chat, so that the server has these words itself.
import type { Language } from '../contract/lists.ts';

export interface NoticeWords {
  readonly severity: Readonly<Record<'P1' | 'P2' | 'P3', string>>;
  /** By rule; `other` for one that has none. */
  readonly rules: Readonly<Record<string, string>> & { readonly other: string };
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
  /** Of a notification by which a channel is tried. */
  readonly trial: string;
  readonly trialLine: string;
  readonly open: string;
  readonly take: string;
}

const en: NoticeWords = {
  severity: { P1: 'urgent', P2: 'soon', P3: 'note' },
  rules: {
    'hold.long': 'Long hold',
    'hold.forgotten': 'Forgotten hold',
    'wait.long': 'Long wait',
    'queue.target': 'Under target',
    'cover.lost': 'No supervisor',
    'assist.unanswered': 'Help wanted',
    'callback.at-risk': 'Callback at risk',
    'callback.overdue': 'Callback late',
    'callback.customer-first': 'Customer rang first',
    'callback.unproved': 'Callback unproved',
    'agent.doubtful': 'Check agent',
    'source.stale': 'Source silent',
    other: 'Needs a person',
  },
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
  trial: 'Trial notification',
  trialLine: 'This is how Pharos tells you. There is nothing to do.',
  open: 'Open',
  take: 'I have it',
};

const zh: NoticeWords = {
  severity: { P1: '紧急', P2: '尽快', P3: '留意' },
  rules: {
    'hold.long': '保持过久',
    'hold.forgotten': '客户被遗忘',
    'wait.long': '等候过久',
    'queue.target': '低于目标',
    'cover.lost': '无主管',
    'assist.unanswered': '请求支援',
    'callback.at-risk': '回电有风险',
    'callback.overdue': '回电逾期',
    'callback.customer-first': '客户先来电',
    'callback.unproved': '回电未证实',
    'agent.doubtful': '检查坐席',
    'source.stale': '数据源静默',
    other: '需要处理',
  },
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
  trial: '测试通知',
  trialLine: 'Pharos 会这样通知您。无需处理。',
  open: '打开',
  take: '我来处理',
};

const lv: NoticeWords = {
  severity: { P1: 'steidzami', P2: 'drīz', P3: 'ievērībai' },
  rules: {
    'hold.long': 'Ilga aizturēšana',
    'hold.forgotten': 'Aizmirsts klients',
    'wait.long': 'Ilga gaidīšana',
    'queue.target': 'Zem mērķa',
    'cover.lost': 'Nav vadītāja',
    'assist.unanswered': 'Vajag palīgu',
    'callback.at-risk': 'Atzvans apdraudēts',
    'callback.overdue': 'Atzvans nokavēts',
    'callback.customer-first': 'Klients zvana pats',
    'callback.unproved': 'Nepierādīts atzvans',
    'agent.doubtful': 'Pārbaudi aģentu',
    'source.stale': 'Avots klusē',
    other: 'Vajag cilvēku',
  },
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
  trial: 'Izmēģinājuma paziņojums',
  trialLine: 'Tā Pharos jums paziņos. Nekas nav jādara.',
  open: 'Atvērt',
  take: 'Es to daru',
};

export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = { en, zh, lv };
