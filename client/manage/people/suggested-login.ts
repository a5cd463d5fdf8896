// A name to sign in with, made of the name that others know: small letters and points.
import { isLogin } from '../../../server/contract/access.ts';

/** `Lea Manette` is lea.manette; letters of any script stay, and marks on them go. Empty where nothing is left. */
export function suggestedLogin(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    // Only Latin letters lose their marks: elsewhere they are letters of their own.
    .replace(/([a-z])\p{M}+/giu, '$1')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+/gu, '.')
    .replace(/^\.+|\.+$/g, '');
  const login = Array.from(plain).slice(0, 100).join('');
  if (!isLogin(login)) return '';
  for (let n = 1; ; n += 1) {
    const one = n === 1 ? login : `${login}${n}`;
    if (!taken.has(one)) return one;
  }
}
