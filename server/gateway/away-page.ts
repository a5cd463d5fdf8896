// The page that a browser gets while nobody can say who it is: it says so, and its answer's headers load it again.
import type { Language } from '../contract/lists.ts';
import { chooseLanguage, formPage } from './form-page.ts';

const WORDS: Readonly<Record<Language, { readonly title: string; readonly text: string }>> = {
  en: {
    title: 'One moment',
    text: 'Pharos cannot reach its Redis, so it cannot tell who this is. It tries again by itself.',
  },
  zh: {
    title: '请稍候',
    text: 'Pharos 无法连接 Redis，因此暂时无法识别此设备。它会自动重试。',
  },
  lv: {
    title: 'Acumirkli',
    text: 'Pharos nevar sasniegt savu Redis, tāpēc nezina, kas šis ir. Tas mēģinās vēlreiz pats.',
  },
};

/** `accepted`: the `Accept-Language` of the request. */
export function awayPage(accepted: string | undefined): string {
  const language = chooseLanguage(accepted);
  const { title, text } = WORDS[language];
  return formPage({ language, title, body: `<h1>${title}</h1>\n<p>${text}</p>` });
}
