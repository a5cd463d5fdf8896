// The page on which somebody signs in: as themselves, by the company's own sign-in, or with the site's token.
import type { Language } from '../contract/lists.ts';
import { chooseLanguage, escapeText, formPage } from './form-page.ts';

export type SignInTrouble =
  | 'wrong'
  | 'wrongToken'
  | 'blocked'
  | 'away'
  /** Of the company's own sign-in: it said no, it does not answer, it was not begun here and now. */
  | 'openId'
  | 'silent'
  | 'stale'
  /** Of whom it vouches for: no group of theirs is granted anything, somebody else has the name, the account is switched off. */
  | 'unknown'
  | 'taken'
  | 'off';

interface Words extends Readonly<Record<SignInTrouble, string>> {
  readonly title: string;
  readonly login: string;
  readonly password: string;
  readonly button: string;
  readonly by: (name: string) => string;
  readonly withToken: string;
  readonly token: string;
  readonly tokenButton: string;
  /** Leads a television to where it is paired. */
  readonly television: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Sign in to Pharos',
    login: 'Your name here, or e-mail',
    password: 'Password',
    button: 'Sign in',
    by: (name) => `Sign in with ${name}`,
    withToken: 'Sign in with the site’s token',
    token: 'The site’s token',
    tokenButton: 'Sign in with the token',
    television: 'This is a television: pair it',
    wrong: 'That name and password do not belong together.',
    wrongToken: 'That is not the token of this site.',
    blocked: 'Too many tries. Please wait a few minutes.',
    away: 'Pharos cannot look that up just now. Please try again.',
    openId: 'The other sign-in did not work. Please try again.',
    unknown: 'You are known there, but nobody gave you access to Pharos. Ask who set it up.',
    silent: 'The other sign-in does not answer just now. Please try again in a moment.',
    stale: 'That sign-in took too long, or was begun in another browser. Please begin again.',
    taken: 'Somebody else has your name in Pharos already. Ask who set it up.',
    off: 'Your account in Pharos is switched off. Ask who set it up.',
  },
  zh: {
    title: '登录 Pharos',
    login: '登录名或邮箱',
    password: '密码',
    button: '登录',
    by: (name) => `使用 ${name} 登录`,
    withToken: '使用本站点的令牌登录',
    token: '本站点的令牌',
    tokenButton: '使用令牌登录',
    television: '这是一台电视：与 Pharos 配对',
    wrong: '登录名与密码不匹配。',
    wrongToken: '这不是本站点的令牌。',
    blocked: '尝试次数过多，请等待几分钟。',
    away: 'Pharos 暂时无法查询，请重试。',
    openId: '外部登录未成功，请重试。',
    unknown: '对方认识您，但您尚未获得 Pharos 的使用权限。请联系安装人员。',
    silent: '外部登录暂时没有响应，请稍后重试。',
    stale: '登录超时，或是在另一个浏览器中开始的。请重新登录。',
    taken: 'Pharos 中已有同名账户。请联系安装人员。',
    off: '您的 Pharos 账户已停用。请联系安装人员。',
  },
  lv: {
    title: 'Pieteikties Pharos',
    login: 'Lietotājvārds vai e-pasts',
    password: 'Parole',
    button: 'Pieteikties',
    by: (name) => `Pieteikties ar ${name}`,
    withToken: 'Pieteikties ar šīs vietas pilnvaru',
    token: 'Šīs vietas pilnvara',
    tokenButton: 'Pieteikties ar pilnvaru',
    television: 'Šis ir televizors: sapārot',
    wrong: 'Šis vārds un parole neatbilst viens otram.',
    wrongToken: 'Tā nav šīs vietas pilnvara.',
    blocked: 'Pārāk daudz mēģinājumu. Lūdzu, uzgaidiet dažas minūtes.',
    away: 'Pharos to pašlaik nevar pārbaudīt. Lūdzu, mēģiniet vēlreiz.',
    openId: 'Pieteikšanās citur neizdevās. Lūdzu, mēģiniet vēlreiz.',
    unknown:
      'Jūs tur pazīst, bet piekļuve Pharos jums nav piešķirta. Jautājiet tam, kas to iekārtoja.',
    silent: 'Pieteikšanās citur pašlaik neatbild. Lūdzu, mēģiniet pēc brīža vēlreiz.',
    stale: 'Tas ilga pārāk ilgi vai tika sākts citā pārlūkā. Lūdzu, sāciet no jauna.',
    taken: 'Ar jūsu vārdu Pharos jau ir kāds cits. Jautājiet tam, kas to iekārtoja.',
    off: 'Jūsu Pharos konts ir izslēgts. Jautājiet tam, kas to iekārtoja.',
  },
};

export interface SignInPageOptions {
  /** The `Accept-Language` of the request. */
  readonly languages: string | undefined;
  readonly trouble: SignInTrouble | null;
  /** A page of ours to go to, of plain characters. */
  readonly next: string;
  /** What was typed. */
  readonly login: string;
  /** The company's own sign-in by its name; null: there is none. */
  readonly openId: string | null;
  /** The site has a token. */
  readonly hasToken: boolean;
}

export function signInPage(options: SignInPageOptions): string {
  const { trouble, login, openId, hasToken } = options;
  const language = chooseLanguage(options.languages);
  const words = WORDS[language];
  const next = escapeText(options.next);
  const hidden = `<input type="hidden" name="next" value="${next}">`;
  const said = trouble === null ? '' : words[trouble];
  const other =
    openId === null
      ? ''
      : `<a class="other" href="/sign-in/open-id?next=${encodeURIComponent(options.next)}">${escapeText(words.by(openId))}</a>`;
  const token = hasToken
    ? `<details${trouble === 'wrongToken' ? ' open' : ''}>
<summary>${words.withToken}</summary>
<form method="post" action="/sign-in">
${hidden}
<label for="token">${words.token}</label>
<input id="token" name="token" type="password" autocomplete="off" required>
<button>${words.tokenButton}</button>
</form>
</details>`
    : '';
  return formPage({
    language,
    title: words.title,
    body: `<h1>${words.title}</h1>
<form method="post" action="/sign-in">
${hidden}
<label for="login">${words.login}</label>
<input id="login" name="login" value="${escapeText(login)}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required${login === '' ? ' autofocus' : ''}>
<label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required${login === '' ? '' : ' autofocus'}>
<p class="trouble" role="alert">${said}</p>
<button>${words.button}</button>
</form>
${other}
${token}
<p class="foot"><a href="/pair">${words.television}</a></p>`,
  });
}
