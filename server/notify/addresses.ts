// To which addresses Pharos sends of its own accord: those of the public internet, and those that the operator named.
import ipaddr from 'ipaddr.js';

/** Public IPv6 lies in 2000::/3; all else is local, special or not given out. */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');

/** Azure's host speaks there to its machines, of their secrets too; it lies among the public ones, and is none. */
const AZURE_HOST = '168.63.129.16';

export interface AllowedOut {
  readonly hosts: ReadonlySet<string>;
  readonly networks: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];
}

export const NOTHING_ELSE: AllowedOut = { hosts: new Set(), networks: [] };

/** Names of hosts, addresses and networks (`10.1.0.0/16`), separated by spaces or commas; undefined: one of them is none of these. */
export function parseAllowedOut(given: string): AllowedOut | undefined {
  const hosts = new Set<string>();
  const networks: (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[] = [];
  for (const word of given.split(/[\s,]+/).filter(Boolean)) {
    if (ipaddr.isValidCIDR(word)) networks.push(ipaddr.parseCIDR(word));
    else if (ipaddr.isValid(word)) {
      const address = ipaddr.parse(word);
      networks.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    } else if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(word)) hosts.add(word.toLowerCase());
    else return undefined;
  }
  return { hosts, networks };
}

/** Is it of the public internet? */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4
    ? parsed.toString() !== AZURE_HOST
    : parsed.match(PUBLIC_IPV6);
}

export function isNamed(address: string, { networks }: AllowedOut): boolean {
  if (!ipaddr.isValid(address)) return false;
  // 127.0.0.1 and ::ffff:127.0.0.1 are one receiver.
  const parsed = ipaddr.process(address);
  return networks.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
}
