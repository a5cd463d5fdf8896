// What the names of channels and devices say: `SIP/101-0000000a`, `PJSIP/101`, `Local/107@agents-00000004;1`, `SIP/trunk`.

/** Technologies whose devices are no phone. */
const PSEUDO =
  /^(Queue|park|Custom|MWI|Calendar|confbridge|meetme|SLA|MinivmNotify|presence|hint|CustomPresence)[:/]/i;

/** The device of a channel: its name without the instance, `SIP/101` of `SIP/101-0000000a`. */
export function deviceOf(channel: string): string {
  const whole = channel.replace(/;[12]$/, '').replace(/<(ZOMBIE|MASQ)>$/, '');
  const dash = whole.lastIndexOf('-');
  return dash > whole.indexOf('/') ? whole.slice(0, dash) : whole;
}

export type LocalHalf = { readonly pair: string; readonly half: 1 | 2 };

/** The pair that a half of a Local channel belongs to; null for any other channel. */
export function localHalf(channel: string): LocalHalf | null {
  if (!channel.startsWith('Local/')) return null;
  const match = /^(.+);([12])$/.exec(channel);
  return match ? { pair: match[1]!, half: match[2] === '1' ? 1 : 2 } : null;
}

/** True for a device that may be somebody's phone, as its name goes. */
export function isPhone(device: string): boolean {
  return /^[A-Za-z0-9_]+\/./.test(device) && !PSEUDO.test(device) && !device.startsWith('Local/');
}

/** An interface without its options: `Local/107@agents` of `Local/107@agents/n`. */
export function interfaceDevice(name: string): string {
  return name.startsWith('Local/') ? name.replace(/\/[a-z]+$/i, '') : name;
}

/** What a person calls the device: `101` of `SIP/101`, `107` of `Local/107@agents`. */
export function extensionOf(device: string): string {
  const slash = device.indexOf('/');
  const rest = slash < 0 ? device : device.slice(slash + 1);
  return device.startsWith('Local/') ? rest.replace(/@.*$/, '') : rest;
}

/** Asterisk's hints name several devices with `&`; those that may be phones. */
export function hintDevices(hint: string): readonly string[] {
  return hint
    .split(',')[0]!
    .split('&')
    .map((one) => one.trim())
    .filter(isPhone);
}
