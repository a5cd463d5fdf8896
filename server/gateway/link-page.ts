// The page that a notification's link opens: one episode, who has it, and the button that takes it; for a phone, without JavaScript.
import { DateTime } from 'luxon';
import type { Language } from '../contract/lists.ts';
import { caseSaid } from '../contract/case-words.ts';
import { langOf } from '../contract/lang.ts';
import { oneLine } from '../contract/one-line.ts';
import { RULE_WORDS, ruleWord } from '../contract/rule-words.ts';
import { holderOf } from '../floor/holder.ts';
import type { AlertFact, Facts } from '../floor/rows.ts';
import { LINK_WORDS } from './link-words.ts';
import type { LinkWords } from './link-words.ts';

/** A file of its own, since the page may carry no style within. */
export const LINK_STYLE = `
html { color-scheme: dark; background: #1b1e22; color: #d8dce1; font: 18px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 30rem; padding: 2rem 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.25rem; }
p { margin: 0 0 1rem; }
.word { color: #e69f00; font-weight: 600; }
.P1 .word { display: inline-block; background: #8f3d00; color: #fff; border: 2px solid #d55e00; border-radius: 6px; padding: 0 0.5rem; }
.P3 .word { color: #56b4e9; }
.said { border-left: 4px solid #e69f00; padding-left: 0.75rem; }
.old { border: 2px dashed #8a929c; padding: 0.5rem 0.75rem; }
button { width: 100%; min-height: 3.5rem; font: inherit; font-weight: 600; border-radius: 8px; border: 0; background: #d8dce1; color: #1b1e22; cursor: pointer; }
button.quiet { background: #2b3036; color: #d8dce1; border: 1px solid #8a929c; }
a { color: #9ecbff; display: inline-block; padding: 0.75rem 0; }
`;

export interface LinkPageOptions {
  readonly language: Language;
  readonly facts: Facts;
  /** The site's clock. */
  readonly now: number;
  /** What this page is about; null: nothing any more. */
  readonly episode: AlertFact | null;
  /** Who opened it. */
  readonly person: string | null;
  /** Why a press was not done. */
  readonly trouble: LinkTrouble | null;
}

export type LinkTrouble = keyof Pick<LinkWords, 'moved' | 'notAllowed' | 'later' | 'gone'>;

export function linkPage(options: LinkPageOptions): string {
  const { language, episode, trouble } = options;
  const words = LINK_WORDS[language];
  const title = episode === null ? 'Pharos' : ruleWord(episode.rule, language);
  const said = trouble === null ? '' : `<p class="said" role="alert">${words[trouble]}</p>\n`;
  return `<!doctype html>
<html lang="${langOf(language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/link.css">
${said}${episode === null ? '' : aboutEpisode(episode, words, options)}<a href="/desk">${words.desk}</a>
</html>
`;
}

function aboutEpisode(episode: AlertFact, words: LinkWords, options: LinkPageOptions): string {
  const { facts, now, person, language } = options;
  const { severity, since, stale, state, taken, version } = episode;
  const place = placeOf(episode, facts);
  const about = [place, words.since(timeIn(since, options))].filter((each) => each !== null);
  // What was is no help any more.
  const params = state === 'resolved' ? {} : episode.text.params;
  const helps = caseSaid({ rule: episode.rule, params }, language);
  const lines = [
    `<main class="${severity}">`,
    `<p><span class="word">${RULE_WORDS[language].severity[severity]}</span></p>`,
    `<h1>${escapeHtml(ruleWord(episode.rule, language))}</h1>`,
    `<p>${escapeHtml(about.join(' · '))}</p>`,
    ...(helps.length === 0 ? [] : [`<p>${escapeHtml(helps.join(' · '))}</p>`]),
    ...(stale ? [`<p class="old">${words.stale}</p>`] : []),
    `<p>${escapeHtml(standing(episode, words, options))} <small>${escapeHtml(words.asOf(timeIn(now, options)))}</small></p>`,
  ];
  if (state !== 'resolved' && taken?.by !== person)
    lines.push(button('acknowledge', words.take, version));
  if (state !== 'resolved' && taken !== null && taken.by === person)
    lines.push(button('release', words.giveBack, version));
  return `${lines.join('\n')}\n</main>\n`;
}

function button(name: 'acknowledge' | 'release', word: string, version: number): string {
  const kind = name === 'release' ? ' class="quiet"' : '';
  return `<form method="post"><input type="hidden" name="version" value="${version}"><button name="do" value="${name}"${kind}>${word}</button></form>`;
}

function standing(
  { state, taken, text }: AlertFact,
  words: LinkWords,
  { facts, person }: LinkPageOptions,
): string {
  if (state === 'resolved') return words.ended;
  if (taken?.how === 'snoozed') return words.snoozed;
  const holder = holderOf({ taken, text });
  if (holder === null) return words.nobody;
  if (holder === person) return words.you;
  const name = oneLine(facts.agents.get(holder)?.name ?? holder);
  return taken === null ? words.calls(name) : words.has(name);
}

/** Who and where, and nothing of a customer: a link may be forwarded. */
function placeOf({ text, queue, team, subject }: AlertFact, facts: Facts): string | null {
  const agent = facts.agents.get(text.params.agent ?? '') ?? facts.agents.get(subject);
  const queueName = queue === null ? undefined : facts.queues.get(queue)?.name;
  const teamName = team === null ? undefined : facts.teams.get(team)?.name;
  const said = [agent?.name, queueName ?? teamName].filter((each) => each !== undefined);
  return said.length === 0 ? null : said.map(oneLine).join(' · ');
}

function timeIn(at: number, { facts, language }: LinkPageOptions): string {
  const zone = facts.site.values().next().value?.zone ?? 'UTC';
  const local = DateTime.fromMillis(at, { zone }).setLocale(language);
  return (local.isValid ? local : DateTime.fromMillis(at, { zone: 'UTC' })).toFormat('HH:mm:ss');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
