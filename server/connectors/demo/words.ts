// The demo's own proper names and reasons, in the three languages of the screens.
import type { Language } from '../../contract/lists.ts';

export interface DemoWords {
  readonly queues: Readonly<Record<QueueId, string>>;
  readonly teams: Readonly<Record<TeamId, string>>;
  readonly breaks: { readonly coffee: string; readonly lunch: string; readonly training: string };
  readonly missed: string;
  readonly lead: string;
  readonly meeting: string;
  readonly away: string;
  /** What agents ask their leads about. */
  readonly questions: readonly string[];
  readonly story: {
    readonly crmStarts: string;
    readonly crmCrashed: string;
    readonly lostParcel: string;
    readonly onPaper: string;
    readonly offer: string;
    readonly left: string;
  };
}

export type QueueId = 'orders' | 'deliveries' | 'returns' | 'billing' | 'technical' | 'chat';
export type TeamId = 'orders' | 'deliveries' | 'returns' | 'billing' | 'technical';

export const WORDS: Readonly<Record<Language, DemoWords>> = {
  en: {
    queues: {
      orders: 'Orders',
      deliveries: 'Deliveries',
      returns: 'Returns',
      billing: 'Billing',
      technical: 'Technical help',
      chat: 'Web chat',
    },
    teams: {
      orders: 'Orders',
      deliveries: 'Deliveries',
      returns: 'Returns',
      billing: 'Billing',
      technical: 'Technical',
    },
    breaks: { coffee: 'Coffee', lunch: 'Lunch', training: 'Training' },
    missed: 'Missed a call',
    lead: 'Leading',
    meeting: 'Meeting',
    away: 'Away',
    questions: [
      'A refund over my limit',
      'An angry customer',
      'Which form?',
      'May I waive the fee?',
    ],
    story: {
      crmStarts: 'CRM is starting',
      crmCrashed: 'CRM crashed',
      lostParcel: 'Lost parcel',
      onPaper: 'Number noted on paper; mail is down too.',
      offer: 'Refund or a new parcel',
      left: 'The customer has left us.',
    },
  },
  zh: {
    queues: {
      orders: '订单',
      deliveries: '配送',
      returns: '退货',
      billing: '账单',
      technical: '技术支持',
      chat: '在线聊天',
    },
    teams: {
      orders: '订单组',
      deliveries: '配送组',
      returns: '退货组',
      billing: '账单组',
      technical: '技术组',
    },
    breaks: { coffee: '茶歇', lunch: '午餐', training: '培训' },
    missed: '漏接来电',
    lead: '带班',
    meeting: '会议',
    away: '离开',
    questions: ['退款超出我的权限', '客户很生气', '该用哪张表？', '可以免除费用吗？'],
    story: {
      crmStarts: 'CRM 正在启动',
      crmCrashed: 'CRM 崩溃',
      lostParcel: '包裹丢失',
      onPaper: '号码记在纸上；邮件系统也坏了。',
      offer: '退款或补寄包裹',
      left: '客户已流失。',
    },
  },
  lv: {
    queues: {
      orders: 'Pasūtījumi',
      deliveries: 'Piegādes',
      returns: 'Atgriešana',
      billing: 'Rēķini',
      technical: 'Palīdzība',
      chat: 'Tērzēšana',
    },
    teams: {
      orders: 'Pasūtījumi',
      deliveries: 'Piegādes',
      returns: 'Atgriešana',
      billing: 'Rēķini',
      technical: 'Tehniķi',
    },
    breaks: { coffee: 'Kafija', lunch: 'Pusdienas', training: 'Mācības' },
    missed: 'Neatbildēts zvans',
    lead: 'Vada maiņu',
    meeting: 'Sapulce',
    away: 'Prom',
    questions: [
      'Atmaksa pārsniedz manu limitu',
      'Dusmīgs klients',
      'Kura veidlapa jāizmanto?',
      'Vai drīkstu atcelt maksu?',
    ],
    story: {
      crmStarts: 'CRM ieslēdzas',
      crmCrashed: 'CRM nobruka',
      lostParcel: 'Pazudusi paka',
      onPaper: 'Numurs pierakstīts uz papīra; arī e-pasts nedarbojas.',
      offer: 'Atmaksa vai jauna paka',
      left: 'Klients ir aizgājis.',
    },
  },
};
