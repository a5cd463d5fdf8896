// What the rules and severities are called where the server itself speaks to people: notifications, and the page behind their links.
import type { Language, Severity } from './lists.ts';

export interface RuleWords {
  readonly severity: Readonly<Record<Severity, string>>;
  /** By rule; `other` for one that has none. */
  readonly rules: Readonly<Record<string, string>> & { readonly other: string };
}

export const RULE_WORDS: Readonly<Record<Language, RuleWords>> = {
  en: {
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
  },
  zh: {
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
  },
  lv: {
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
  },
};

export function ruleWord(rule: string, language: Language): string {
  const { rules } = RULE_WORDS[language];
  // The client reads this room too, on browsers that have no Object.hasOwn.
  return new Map(Object.entries(rules)).get(rule) ?? rules.other;
}
