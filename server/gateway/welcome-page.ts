// The page behind a one-time link: the first installer says who they are, and whoever was invited sets a password.
import { PASSWORD_LEAST } from '../contract/access.ts';
import type { Language } from '../contract/lists.ts';
import type { PasswordProblem } from '../access/password.ts';
import { chooseLanguage, escapeText, formPage } from './form-page.ts';

export type WelcomeTrouble = PasswordProblem | 'login-taken' | 'no-name' | 'different' | 'away';

interface Words extends Readonly<Record<WelcomeTrouble, string>> {
  readonly first: string;
  readonly firstWhy: string;
  readonly hello: (name: string) => string;
  readonly helloWhy: (login: string) => string;
  readonly name: string;
  readonly login: string;
  readonly loginWhy: string;
  readonly password: string;
  readonly passwordWhy: string;
  readonly again: string;
  readonly button: string;
  readonly over: string;
  readonly overWhy: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    first: 'Welcome to Pharos',
    firstWhy:
      'You are the first here. This makes your account, with which you invite everybody else.',
    hello: (name) => `Welcome, ${name}`,
    helloWhy: (login) => `Choose a password. From then on you sign in as ${login}.`,
    name: 'Your name, as others know you',
    login: 'The name with which you sign in',
    loginWhy: 'An e-mail address will do.',
    password: 'Password',
    passwordWhy: `At least ${PASSWORD_LEAST} characters; a few words in a row are best.`,
    again: 'The same password again',
    button: 'Begin',
    over: 'This link is over',
    overWhy: 'It was used, or it is too old. Ask for another one.',
    short: `Expected at least ${PASSWORD_LEAST} characters.`,
    long: 'That password is too long.',
    plain: 'That password is too easy to guess.',
    'login-taken': 'Somebody else signs in with that name.',
    'no-name': 'Expected a name, and a name to sign in with of letters, digits and . _ - @ + only.',
    different: 'The two passwords are not the same.',
    away: 'Pharos cannot write that down just now. Please try again.',
  },
  zh: {
    first: '欢迎使用 Pharos',
    firstWhy: '您是第一位用户。此步骤创建您的账户，之后由您邀请其他人。',
    hello: (name) => `欢迎您，${name}`,
    helloWhy: (login) => `请设置密码。之后请用 ${login} 登录。`,
    name: '您的姓名（他人看到的名字）',
    login: '登录名',
    loginWhy: '可以使用邮箱地址。',
    password: '密码',
    passwordWhy: `至少 ${PASSWORD_LEAST} 个字符；最好是连续的几个词。`,
    again: '再次输入密码',
    button: '开始',
    over: '此链接已失效',
    overWhy: '它已被使用或已过期。请索取新的链接。',
    short: `至少需要 ${PASSWORD_LEAST} 个字符。`,
    long: '密码过长。',
    plain: '此密码太容易被猜到。',
    'login-taken': '该登录名已被他人使用。',
    'no-name': '请填写姓名；登录名只能包含字母、数字和 . _ - @ +。',
    different: '两次输入的密码不一致。',
    away: 'Pharos 暂时无法保存，请重试。',
  },
  lv: {
    first: 'Laipni lūdzam Pharos',
    firstWhy:
      'Jūs šeit esat pirmais. Tagad tiks izveidots jūsu konts, ar kuru uzaicināsiet pārējos.',
    hello: (name) => `Laipni lūdzam, ${name}`,
    helloWhy: (login) => `Izvēlieties paroli. Turpmāk pieteiksieties kā ${login}.`,
    name: 'Jūsu vārds, kā jūs pazīst citi',
    login: 'Lietotājvārds, ar ko pieteiksieties',
    loginWhy: 'Der arī e-pasta adrese.',
    password: 'Parole',
    passwordWhy: `Vismaz ${PASSWORD_LEAST} rakstzīmes; vislabāk vairāki vārdi pēc kārtas.`,
    again: 'Tā pati parole vēlreiz',
    button: 'Sākt',
    over: 'Šī saite vairs neder',
    overWhy: 'Tā jau ir izmantota vai par vecu. Palūdziet jaunu.',
    short: `Vajadzīgas vismaz ${PASSWORD_LEAST} rakstzīmes.`,
    long: 'Šī parole ir par garu.',
    plain: 'Šo paroli ir par viegli uzminēt.',
    'login-taken': 'Ar šo vārdu jau piesakās kāds cits.',
    'no-name': 'Vajadzīgs vārds un lietotājvārds, kurā ir tikai burti, cipari un . _ - @ + zīmes.',
    different: 'Paroles nav vienādas.',
    away: 'Pharos to pašlaik nevar saglabāt. Lūdzu, mēģiniet vēlreiz.',
  },
};

export interface WelcomePageOptions {
  readonly languages: string | undefined;
  readonly trouble: WelcomeTrouble | null;
  /** Null: they are the first, and say who they are. */
  readonly invited: { readonly name: string; readonly login: string } | null;
  /** What was typed. */
  readonly typed: { readonly name: string; readonly login: string };
}

export function welcomePage(options: WelcomePageOptions): string {
  const { trouble, invited, typed } = options;
  const language = chooseLanguage(options.languages);
  const words = WORDS[language];
  const title = invited === null ? words.first : words.hello(invited.name);
  const why = invited === null ? words.firstWhy : words.helloWhy(invited.login);
  const who =
    invited === null
      ? `<label for="name">${words.name}</label>
<input id="name" name="name" value="${escapeText(typed.name)}" autocomplete="name" maxlength="120" required autofocus>
<label for="login">${words.login}</label>
<input id="login" name="login" value="${escapeText(typed.login)}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="120" required aria-describedby="login-why">
<small id="login-why">${words.loginWhy}</small>`
      : `<label for="login">${words.login}</label>
<input id="login" value="${escapeText(invited.login)}" autocomplete="username" readonly>`;
  return formPage({
    language,
    title,
    body: `<h1>${escapeText(title)}</h1>
<p>${escapeText(why)}</p>
<form method="post">
${who}
<label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="new-password" maxlength="1000" required aria-describedby="password-why"${invited === null ? '' : ' autofocus'}>
<small id="password-why">${words.passwordWhy}</small>
<label for="again">${words.again}</label>
<input id="again" name="again" type="password" autocomplete="new-password" maxlength="1000" required>
<p class="trouble" role="alert">${trouble === null ? '' : words[trouble]}</p>
<button>${words.button}</button>
</form>`,
  });
}

export function overPage(languages: string | undefined): string {
  const language = chooseLanguage(languages);
  const { over, overWhy } = WORDS[language];
  return formPage({ language, title: over, body: `<h1>${over}</h1>\n<p>${overWhy}</p>` });
}
