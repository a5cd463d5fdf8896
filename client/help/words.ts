// The words of the page on which an agent asks for help, in the three languages.
import type { Language } from '../../server/contract/lists.ts';

export interface HelpWords {
  readonly title: string;
  readonly need: string;
  readonly about: string;
  readonly reasons: readonly string[];
  readonly looking: string;
  readonly asking: string;
  readonly asked: string;
  readonly noLonger: string;
  readonly ending: string;
  readonly cut: string;
  readonly notYet: string;
  readonly ended: string;
  /** The page was opened by its bare address. */
  readonly none: string;
  readonly signIn: string;
  readonly signOut: string;
  readonly account: string;
  readonly coming: (name: string) => string;
  readonly since: (age: string) => string;
  readonly onTheWay: (age: string) => string;
}

export const HELP_WORDS: Readonly<Record<Language, HelpWords>> = {
  en: {
    title: 'Help',
    need: 'I need help',
    about: 'About what? (if you like)',
    reasons: [
      'Customer is upset',
      'I need an approval',
      'I don’t know the answer',
      'My system fails',
    ],
    looking: 'One moment…',
    asking: 'Sending…',
    asked: 'Your leads have been asked.',
    noLonger: 'No longer needed',
    ending: 'Taking it back…',
    cut: 'No connection to Pharos. Trying again.',
    notYet: 'Nobody has been told yet.',
    ended:
      'This link is over. Ask your lead for a new one; it is made at the desk: your name, “Calls for help by phone”.',
    none: 'This page needs your personal link. Ask your lead for it; it is made at the desk: your name, “Calls for help by phone”.',
    signIn: 'Or sign in with your account',
    signOut: 'Sign out',
    account: 'Your account',
    coming: (name) => `${name} is coming.`,
    since: (age) => `Asked ${age} ago`,
    onTheWay: (age) => `On the way for ${age}`,
  },
  zh: {
    title: '求助',
    need: '我需要帮助',
    about: '关于什么？（可不选）',
    reasons: ['客户情绪激动', '需要授权', '不知道如何答复', '系统故障'],
    looking: '请稍候…',
    asking: '正在发送…',
    asked: '已通知您的组长。',
    noLonger: '不再需要',
    ending: '正在撤回…',
    cut: '无法连接 Pharos，正在重试。',
    notYet: '尚未通知任何人。',
    ended: '此链接已失效，请向组长索取新链接：在主管台点您的姓名，“用手机求助”。',
    none: '此页面需要您的个人链接，请向组长索取：在主管台点您的姓名，“用手机求助”。',
    signIn: '或使用您的账户登录',
    signOut: '退出登录',
    account: '我的账户',
    coming: (name) => `${name} 正在赶来。`,
    since: (age) => `已求助 ${age}`,
    onTheWay: (age) => `已出发 ${age}`,
  },
  lv: {
    title: 'Palīdzība',
    need: 'Man vajag palīdzību',
    about: 'Par ko? (ja vēlaties)',
    reasons: ['Klients ir satraukts', 'Vajag atļauju', 'Nezinu atbildi', 'Sistēma nestrādā'],
    looking: 'Acumirkli…',
    asking: 'Sūta…',
    asked: 'Jūsu vadītāji ir aicināti.',
    noLonger: 'Vairs nevajag',
    ending: 'Atsauc…',
    cut: 'Nav savienojuma ar Pharos. Mēģina vēlreiz.',
    notYet: 'Vēl nevienam nav paziņots.',
    ended:
      'Šī saite vairs neder. Palūdziet vadītājam jaunu; to izveido lapā “Galds”: jūsu vārds, “Palīdzības lūgumi no tālruņa”.',
    none: 'Šai lapai vajag jūsu personīgo saiti. Palūdziet to vadītājam; to izveido lapā “Galds”: jūsu vārds, “Palīdzības lūgumi no tālruņa”.',
    signIn: 'Vai piesakieties ar savu kontu',
    signOut: 'Izrakstīties',
    account: 'Jūsu konts',
    coming: (name) => `${name} nāk.`,
    since: (age) => `Lūgts pirms ${age}`,
    onTheWay: (age) => `Ceļā jau ${age}`,
  },
};
