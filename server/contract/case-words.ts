// What helps to decide about an alert, where the server itself speaks to people: how many wait, which hold it is, why a source or an agent is doubtful.
import { AGENT_STATES } from './lists.ts';
import type { AgentState, Language } from './lists.ts';

interface CaseWords {
  waiting(waiting: string, free: string): string;
  /** From the second on. */
  hold(n: number): string;
  percent(percent: string): string;
  /** By rule and reason. */
  readonly why: Readonly<Record<string, Readonly<Record<string, string>>>>;
  tooLong(state: string): string;
  readonly states: Readonly<Record<AgentState, string>>;
}

export interface Case {
  readonly rule: string;
  /** As rules say them: see `PARAMS` of the notices. */
  readonly params: Readonly<Record<string, string>>;
}

/** Each a clause. What nobody knows is not said. */
export function caseSaid({ rule, params }: Case, language: Language): readonly string[] {
  const words = WORDS[language];
  const { waiting, free, holds, percent, why } = params;
  const nth = Number(holds);
  return [
    ...(waiting === undefined || free === undefined ? [] : [words.waiting(waiting, free)]),
    ...(nth > 1 ? [words.hold(nth)] : []),
    ...(percent === undefined ? [] : [words.percent(percent)]),
    ...(why === undefined ? [] : whySaid(rule, why, words)),
  ];
}

function whySaid(rule: string, why: string, words: CaseWords): readonly string[] {
  const reasons = own(words.why, rule);
  if (reasons === undefined) return [];
  const known = own(reasons, why);
  if (known !== undefined) return [known];
  const state = AGENT_STATES.find((each) => each === why);
  return rule === 'agent.doubtful' && state ? [words.tooLong(words.states[state])] : [];
}

/** What a program says may be called as what every object has. */
function own<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(of, name) ? of[name] : undefined;
}

/** `2nd`, `3rd`, `11th`. */
function ordinal(n: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd' } as const;
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(n);
  return `${n}${rule === 'one' || rule === 'two' || rule === 'few' ? ending[rule] : 'th'}`;
}

const WORDS: Readonly<Record<Language, CaseWords>> = {
  en: {
    waiting: (waiting, free) => `${waiting} waiting, ${free} free`,
    hold: (n) => `${ordinal(n)} hold`,
    percent: (percent) => `${percent} % in time in the last half hour`,
    why: {
      'agent.doubtful': { missed: 'keeps missing contacts', unreachable: 'unreachable' },
      'callback.at-risk': {
        unclaimed: 'nobody has claimed it',
        break: 'its owner is on a break',
        meeting: 'its owner is in a meeting',
        away: 'its owner is away',
        offline: 'its owner is off duty',
      },
      'source.stale': {
        stale: 'nothing was heard of it',
        lost: 'the link to it is down',
        trimmed: 'entries were lost before they were read',
        emptied: 'its stream was emptied',
        'went-back': 'its stream went back in time',
        poisoned: 'its stream has an event from the future',
        replaced: 'its stream is no stream any more',
      },
    },
    tooLong: (state) => `${state} too long`,
    states: {
      available: 'available',
      ringing: 'ringing',
      talking: 'talking',
      holding: 'holding',
      wrapup: 'wrap-up',
      break: 'break',
      busy: 'busy',
      offline: 'offline',
    },
  },
  zh: {
    waiting: (waiting, free) => `${waiting} 人等候，${free} 人空闲`,
    hold: (n) => `第 ${n} 次保持`,
    percent: (percent) => `近半小时及时率 ${percent}%`,
    why: {
      'agent.doubtful': { missed: '接连漏接', unreachable: '不可达' },
      'callback.at-risk': {
        unclaimed: '尚无人认领',
        break: '负责人正在小休',
        meeting: '负责人正在开会',
        away: '负责人已离开',
        offline: '负责人已下班',
      },
      'source.stale': {
        stale: '未收到其消息',
        lost: '与其连接已断开',
        trimmed: '条目在读取前已被截断',
        emptied: '其数据流已被清空',
        'went-back': '其数据流倒退了',
        poisoned: '其数据流中有来自未来的事件',
        replaced: '其数据流已不是数据流',
      },
    },
    tooLong: (state) => `${state} 过久`,
    states: {
      available: '空闲',
      ringing: '振铃',
      talking: '通话',
      holding: '保持',
      wrapup: '话后处理',
      break: '小休',
      busy: '忙碌',
      offline: '离线',
    },
  },
  lv: {
    waiting: (waiting, free) => `gaida ${waiting}, brīvie: ${free}`,
    hold: (n) => `${n}. aizturēšana`,
    percent: (percent) => `pēdējā pusstundā laikā ${percent} %`,
    why: {
      'agent.doubtful': { missed: 'vairākkārt nepacēla', unreachable: 'nav sasniedzams' },
      'callback.at-risk': {
        unclaimed: 'neviens to nav uzņēmies',
        break: 'atbildīgais ir pauzē',
        meeting: 'atbildīgais ir sapulcē',
        away: 'atbildīgais ir prom',
        offline: 'atbildīgais nav darbā',
      },
      'source.stale': {
        stale: 'no tā nekas nav dzirdēts',
        lost: 'savienojums ar to ir zudis',
        trimmed: 'daļa ierakstu nogriezta, pirms tos nolasīja',
        emptied: 'tā plūsma ir iztukšota',
        'went-back': 'tā plūsma ir atgriezta atpakaļ laikā',
        poisoned: 'tā plūsmā ir notikums no nākotnes',
        replaced: 'tā plūsmas vietā ir kas cits',
      },
    },
    tooLong: (state) => `${state} par ilgu`,
    states: {
      available: 'brīvs',
      ringing: 'zvana',
      talking: 'runā',
      holding: 'aiztur',
      wrapup: 'pēcapstrāde',
      break: 'pauze',
      busy: 'aizņemts',
      offline: 'nav darbā',
    },
  },
};
