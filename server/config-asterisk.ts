// Addresses of Asterisk's manager interface, as PHAROS_ASTERISK spells them. Secrets are never repeated in a complaint.

export interface AsteriskAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly user: string;
  readonly secret: string;
  /** Stands in the source, `asterisk/NAME`. */
  readonly name: string;
}

const EXPECTED = 'PHAROS_ASTERISK: expected ami://user:secret@host:5038?name=pbx1';

export function asteriskAddresses(given: string): {
  readonly addresses: readonly AsteriskAddress[];
  readonly complaints: readonly string[];
} {
  const addresses: AsteriskAddress[] = [];
  const complaints: string[] = [];
  given
    .split(/\s+/)
    .filter(Boolean)
    .forEach((address, index) => {
      const read = readAddress(address, index + 1);
      if (typeof read === 'string') complaints.push(`${EXPECTED}; address ${index + 1} ${read}.`);
      else if (addresses.some(({ name }) => name === read.name))
        complaints.push(`${EXPECTED}; two addresses have the name "${read.name}".`);
      else addresses.push(read);
    });
  return { addresses, complaints };
}

/** The address, or what is wrong with it. */
function readAddress(given: string, nth: number): AsteriskAddress | string {
  if (!URL.canParse(given)) return 'is no address';
  const url = new URL(given);
  if (url.protocol !== 'ami:' && url.protocol !== 'amis:') return `begins with ${url.protocol}//`;
  if (!url.hostname) return 'names no host';
  const user = decoded(url.username);
  const secret = decoded(url.password);
  if (!user || !secret) return 'lacks a user or a secret (percent-encoded)';
  const name = url.searchParams.get('name') ?? `pbx${nth}`;
  if (!/^[\w.-]{1,40}$/.test(name)) return 'has a name other than 1 to 40 letters, digits, - . _';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : 5038,
    tls: url.protocol === 'amis:',
    user,
    secret,
    name,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
