// What a browser calls itself, in two words that somebody knows: which kind of television or system, and which browser.

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Web0S|webOS/i, 'LG webOS'],
  [/Tizen/i, 'Samsung Tizen'],
  [/\bAFT\w+|Fire ?TV/i, 'Fire TV'],
  [/CrKey/, 'Chromecast'],
  [/BRAVIA/i, 'Sony Bravia'],
  [/Android.*\bTV\b|\bGoogleTV\b/i, 'Android TV'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/SamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/(?:Chrome|Chromium)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
];
/** Letters of one that nobody knows. */
const SHOWN_MOST = 60;

export function browserName(agent: string): string {
  const system = SYSTEMS.find(([sign]) => sign.test(agent))?.[1];
  const browser = BROWSERS.find(([sign]) => sign.test(agent));
  const version = browser?.[0].exec(agent)?.[1] ?? '';
  const named = [system, browser && `${browser[1]} ${version}`].filter(Boolean).join(' · ');
  return named === '' ? agent.slice(0, SHOWN_MOST) : named;
}
