// The page on which a browser shows the token: a form and its words, in the reader's language.
import { langOf } from '../contract/lang.ts';
import { LANGUAGES } from '../contract/lists.ts';
import type { Language } from '../contract/lists.ts';

export type SignInTrouble = 'wrong' | 'blocked';

interface Words extends Readonly<Record<SignInTrouble, string>> {
  readonly title: string;
  readonly label: string;
  readonly button: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Sign in to Pharos',
    label: 'The site’s token',
    button: 'Sign in',
    wrong: 'That is not the token of this site.',
    blocked: 'Too many wrong tries. Please wait a minute.',
  },
  zh: {
    title: '登录 Pharos',
    label: '本站点的令牌',
    button: '登录',
    wrong: '这不是本站点的令牌。',
    blocked: '错误次数过多，请稍候一分钟。',
  },
  lv: {
    title: 'Pieteikties Pharos',
    label: 'Šīs vietas pilnvara',
    button: 'Pieteikties',
    wrong: 'Tā nav šīs vietas pilnvara.',
    blocked: 'Pārāk daudz kļūdainu mēģinājumu. Lūdzu, uzgaidiet minūti.',
  },
};

/** A file of its own, since the page may carry no style within. */
export const SIGN_IN_STYLE = `
html { color-scheme: dark; background: #1b1e22; color: #d8dce1; font: 18px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center; }
form { width: 22rem; max-width: 90vw; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 1.5rem; }
label { display: block; margin-bottom: 0.5rem; }
input, button { box-sizing: border-box; width: 100%; padding: 0.7rem; font: inherit; border-radius: 6px; }
input { background: #111316; color: inherit; border: 1px solid #8a929c; }
button { margin-top: 1rem; background: #d8dce1; color: #1b1e22; border: 0; font-weight: 600; cursor: pointer; }
p { color: #e69f00; min-height: 1.5em; margin: 0.75rem 0 0; }
`;

export interface SignInPageOptions {
  /** The `Accept-Language` of the request. */
  readonly languages: string | undefined;
  readonly trouble: SignInTrouble | null;
  /** A page of ours to go to, of plain characters. */
  readonly next: string;
}

export function signInPage({ languages, trouble, next }: SignInPageOptions): string {
  const language = chooseLanguage(languages);
  const words = WORDS[language];
  return `<!doctype html>
<html lang="${langOf(language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<link rel="stylesheet" href="/sign-in.css">
<form method="post" action="/sign-in">
<h1>${words.title}</h1>
<input type="hidden" name="next" value="${escapeText(next)}">
<label for="token">${words.label}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>${words.button}</button>
<p role="alert">${trouble === null ? '' : words[trouble]}</p>
</form>
</html>
`;
}

/** The first of the reader's languages that we speak. */
export function chooseLanguage(accepted: string | undefined): Language {
  for (const wish of (accepted ?? '').slice(0, 500).split(',')) {
    const primary = wish.trim().slice(0, 2).toLowerCase();
    const found = LANGUAGES.find((language) => language === primary);
    if (found) return found;
  }
  return 'en';
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
