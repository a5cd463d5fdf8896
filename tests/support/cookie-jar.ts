// A browser as far as signing in needs one: it follows redirects, and keeps the cookies of each origin for their paths.
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

export interface Browser {
  /** One answer, wherever it leads. */
  step(url: string | URL): Promise<Page>;
  /** Follows until a page, or until an address of which `until` is true, which is not gone to. */
  go(url: string | URL, until?: (url: URL) => boolean): Promise<Page>;
  cookie(origin: string, name: string): string | undefined;
  putCookie(origin: string, name: string, value: string): void;
  /** Headers of `Set-Cookie`, all that came. */
  readonly set: string[];
}

const HOPS_MOST = 12;

export function openBrowser(): Browser {
  const jars = new Map<string, Map<string, { readonly value: string; readonly path: string }>>();
  const set: string[] = [];
  const jarOf = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, { value: string; path: string }>();
    jars.set(origin, jar);
    return jar;
  };
  function keep(url: URL, line: string): void {
    set.push(line);
    const [pair = '', ...attributes] = line.split(/; */);
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
    const isOver = attributes.some((each) =>
      /^expires=/i.test(each) ? Date.parse(each.slice(8)) < Date.now() : /^max-age=0$/i.test(each),
    );
    if (isOver) jarOf(url.origin).delete(name);
    else jarOf(url.origin).set(name, { value, path });
  }
  async function step(to: string | URL): Promise<Page> {
    const url = new URL(to);
    const cookie = [...jarOf(url.origin)]
      .filter(([, { path }]) => url.pathname === path || url.pathname.startsWith(withSlash(path)))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers: Record<string, string> = { 'accept-language': 'en', connection: 'close' };
    if (cookie !== '') headers.cookie = cookie;
    const answer = await fetch(url, { redirect: 'manual', headers });
    for (const line of answer.headers.getSetCookie()) keep(url, line);
    return {
      url,
      status: answer.status,
      body: await answer.text(),
      headers: answer.headers,
    };
  }
  return {
    step,
    async go(to, until = () => false) {
      let page = await step(to);
      for (let hops = 0; hops < HOPS_MOST; hops += 1) {
        const location = page.headers.get('location');
        if (page.status < 300 || page.status > 399 || location === null) return page;
        const next = new URL(location, page.url);
        if (until(next)) return { ...page, url: next };
        page = await step(next);
      }
      throw new Error(`more than ${HOPS_MOST} redirects, the last to ${page.url.href}`);
    },
    cookie: (origin, name) => jars.get(origin)?.get(name)?.value,
    putCookie: (origin, name, value) => void jarOf(origin).set(name, { value, path: '/' }),
    set,
  };
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
