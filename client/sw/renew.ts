// A browser that changed its push address by itself is registered anew for the same person, or its person hears that push is off.
import { LANGUAGES } from '../../server/contract/lists.ts';
import { browserId, browserName, channelPath, keyBytes, pushChannel } from '../lib/push-channel.ts';
import { readChannels, write } from './ask.ts';

export interface Changed {
  readonly old: PushSubscription | null;
  readonly fresh: PushSubscription | null;
}

/** False: nobody is told by this browser any more. */
export async function renew(
  { old, fresh }: Changed,
  { pushManager }: Pick<ServiceWorkerRegistration, 'pushManager'>,
): Promise<boolean> {
  const oldId = old === null ? null : await browserId(old.endpoint);
  const answer = await readChannels(oldId);
  const person = answer?.person;
  // Another's browser is registered by its own desk, which moves it.
  if (answer === null || person === null || person === undefined) return false;
  if (answer.browser === 'of-another') return false;
  const subscription = fresh ?? (await subscribe(pushManager, answer.pushKey));
  if (subscription === null) return false;
  const before = answer.channels.find(({ kind, id }) => kind === 'push' && id === oldId);
  const channel = pushChannel(subscription, {
    name: before?.name ?? browserName(navigator.userAgent),
    language:
      before?.language ?? LANGUAGES.find((one) => navigator.language.startsWith(one)) ?? 'en',
    breaksQuiet: before?.breaksQuiet ?? false,
  });
  if (channel === null) return false;
  const id = await browserId(channel.endpoint);
  if (!(await write(channelPath(person, id), 'PUT', channel))) return false;
  // Else the first push to it would find that it is gone.
  if (oldId !== null && oldId !== id) await write(channelPath(person, oldId), 'DELETE');
  return true;
}

async function subscribe(manager: PushManager, key: string): Promise<PushSubscription | null> {
  try {
    return await manager.subscribe({ userVisibleOnly: true, applicationServerKey: keyBytes(key) });
  } catch {
    return null;
  }
}
