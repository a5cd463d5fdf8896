// A page of one form, in the reader's language, that needs no script: to sign in, to take up an invitation.
import { langOf } from '../contract/lang.ts';
import { LANGUAGES } from '../contract/lists.ts';
import type { Language } from '../contract/lists.ts';

/** A file of its own, since the page may carry no style within. */
export const FORM_STYLE = `
html { color-scheme: dark; background: #1b1e22; color: #d8dce1; font: 18px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center; }
main { box-sizing: border-box; width: 25rem; max-width: 100vw; padding: 2rem 1.5rem; }
h1 { font-size: 1.5rem; font-weight: 600; line-height: 1.3; margin: 0 0 0.5rem; }
p { margin: 0 0 1.5rem; color: #aab1ba; }
label { display: block; margin: 1rem 0 0.35rem; }
small { display: block; margin-top: 0.35rem; color: #aab1ba; }
input, button, .other { box-sizing: border-box; width: 100%; padding: 0.7rem; font: inherit; border-radius: 6px; }
input { background: #111316; color: inherit; border: 1px solid #8a929c; }
input:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid #56b4e9; outline-offset: 2px; }
button { margin-top: 1.5rem; background: #d8dce1; color: #1b1e22; border: 0; font-weight: 600; cursor: pointer; }
.other { display: block; margin-top: 1rem; border: 1px solid #8a929c; color: inherit; text-align: center; text-decoration: none; }
.trouble { color: #e69f00; font-weight: 600; margin: 1rem 0 0; }
.trouble:empty { display: none; }
input:read-only { border-style: dashed; }
details { margin-top: 2rem; color: #aab1ba; }
summary { cursor: pointer; }
.foot { margin: 2rem 0 0; }
.foot a { color: inherit; }
`;

export interface FormPage {
  readonly language: Language;
  readonly title: string;
  /** The page between `<main>` and `</main>`: written by us, with `escapeText` around what is not. */
  readonly body: string;
}

export function formPage({ language, title, body }: FormPage): string {
  return `<!doctype html>
<html lang="${langOf(language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/form.css">
<main>
${body}
</main>
</html>
`;
}

/** The first of the reader's languages that we speak; `accepted` is the `Accept-Language` of the request. */
export function chooseLanguage(accepted: string | undefined): Language {
  for (const wish of (accepted ?? '').slice(0, 500).split(',')) {
    const primary = wish.trim().slice(0, 2).toLowerCase();
    const found = LANGUAGES.find((language) => language === primary);
    if (found) return found;
  }
  return 'en';
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
