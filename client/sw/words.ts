// What the worker says by itself, in the three languages; all else of a notification comes with it.
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { Language } from '../../server/contract/lists.ts';

export interface WorkerWords {
  readonly open: string;
  readonly again: string;
  /** Of a push that nobody understands. */
  readonly something: string;
  readonly yours: string;
  taken(by: string): string;
  readonly ended: string;
  readonly gone: string;
  readonly notAllowed: string;
  readonly later: string;
  readonly lost: string;
  readonly offTitle: string;
  readonly off: string;
}

const WORDS: Readonly<Record<Language, WorkerWords>> = {
  en: {
    open: 'Open',
    again: 'Try again',
    something: 'Something needs a person. Open Pharos.',
    yours: 'You have it.',
    taken: (by) => `${by} has it already.`,
    ended: 'It has ended already.',
    gone: 'This notification is too old to take it from here. Open Pharos.',
    notAllowed: 'You may not take it any more. Open Pharos.',
    later: 'Not taken: Pharos could not write it down. Try again, or open Pharos.',
    lost: 'No connection: it is not known whether it was taken. Try again, or open Pharos.',
    offTitle: 'Push is off in this browser',
    off: 'The browser changed its push address. Open Pharos and turn push on again.',
  },
  zh: {
    open: '打开',
    again: '重试',
    something: '有事项需要处理，请打开 Pharos。',
    yours: '您正在处理。',
    taken: (by) => `${by} 已在处理。`,
    ended: '已结束。',
    gone: '此通知已过期，无法在此接手。请打开 Pharos。',
    notAllowed: '您已无权接手。请打开 Pharos。',
    later: '未接手：Pharos 未能记录。请重试，或打开 Pharos。',
    lost: '无连接：不确定是否已接手。请重试，或打开 Pharos。',
    offTitle: '此浏览器的推送已关闭',
    off: '浏览器更换了推送地址。请打开 Pharos 重新开启推送。',
  },
  lv: {
    open: 'Atvērt',
    again: 'Mēģināt vēlreiz',
    something: 'Kaut kam vajag cilvēku. Atveriet Pharos.',
    yours: 'To darāt jūs.',
    taken: (by) => `To jau dara ${by}.`,
    ended: 'Tas jau ir beidzies.',
    gone: 'Šis paziņojums ir par vecu, lai to uzņemtos no šejienes. Atveriet Pharos.',
    notAllowed: 'Jūs vairs nevarat to uzņemties. Atveriet Pharos.',
    later: 'Nav uzņemts: Pharos nevarēja to pierakstīt. Mēģiniet vēlreiz vai atveriet Pharos.',
    lost: 'Nav savienojuma: nav zināms, vai tas ir uzņemts. Mēģiniet vēlreiz vai atveriet Pharos.',
    offTitle: 'Paziņojumi šajā pārlūkā ir izslēgti',
    off: 'Pārlūka paziņojumu adrese ir mainījusies. Atveriet Pharos un ieslēdziet paziņojumus no jauna.',
  },
};

/** Of the three, whatever a push or a browser says. */
export function languageFor(said: string | undefined): Language {
  return LANGUAGES.find((one) => one === said) ?? 'en';
}

export function wordsFor(said: string | undefined): WorkerWords {
  return WORDS[languageFor(said)];
}
