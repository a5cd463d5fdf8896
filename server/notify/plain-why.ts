// Why a notification did not go, fit for the journal and for a screen: what receivers and libraries say may hold addresses, names and tokens.

/** Characters that stay. */
const MOST = 400;
const EMAIL = /[^\s<>"'(),;:]+@([\w-]+(?:\.[\w-]+)+)/g;
const URL_IN_TEXT = /\b(https?|smtps?):\/\/(?:[^\s/@]*@)?([^\s/?#"'<>]+)[^\s"'<>]*/gi;
/** What is so long and has both letters and digits is a token rather than a word. */
const TOKEN = /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}/g;

export function plainWhy(text: string): string {
  return text
    .replace(URL_IN_TEXT, '$1://$2/…')
    .replace(EMAIL, '…@$1')
    .replace(TOKEN, '…')
    .slice(0, MOST);
}
