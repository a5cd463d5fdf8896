// What a browser is called by people, out of what it calls itself.

const BROWSERS: readonly (readonly [name: string, sign: RegExp])[] = [
  // Those that are built on another say both names, so the rarer come first.
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bVersion\/\S+.* Safari\//],
];

const SYSTEMS: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

export interface BrowserName {
  /** Null: it does not say. */
  readonly browser: string | null;
  readonly system: string | null;
}

export function browserName(agent: string): BrowserName {
  return { browser: firstOf(BROWSERS, agent), system: firstOf(SYSTEMS, agent) };
}

function firstOf(
  names: readonly (readonly [name: string, sign: RegExp])[],
  text: string,
): string | null {
  return names.find(([, sign]) => sign.test(text))?.[0] ?? null;
}
