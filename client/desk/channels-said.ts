// What the desk asks and tells the server of channels and quiet hours. Failures are values.
import type {
  ChannelOwner,
  ChannelsAnswer,
  QuietSaid,
  TryAnswer,
} from '../../server/contract/channels.ts';
import { ask } from '../live/ask.ts';
import type { Trouble } from '../live/ask.ts';

export interface ChannelAt {
  readonly owner: ChannelOwner;
  readonly of: string;
  readonly id: string;
}

/** `browser`: by which name the server knows this one, if it does. */
export async function readChannels(browser: string | null): Promise<ChannelsAnswer | Trouble> {
  const query = browser === null ? '' : `?browser=${encodeURIComponent(browser)}`;
  const said = await ask(`/api/v1/channels${query}`);
  if ('trouble' in said) return said;
  const answer = said.body as Partial<ChannelsAnswer> | null;
  return typeof answer === 'object' && answer !== null && Array.isArray(answer.channels)
    ? (answer as ChannelsAnswer)
    : { trouble: 'words', status: said.status };
}

/** Null: the server has it; else what stood against it. */
export async function putChannel(at: ChannelAt, channel: object): Promise<Trouble | null> {
  return troubleOf(await ask(pathOf(at), channel, 'PUT'));
}

export async function dropChannel(at: ChannelAt): Promise<Trouble | null> {
  const trouble = troubleOf(await ask(pathOf(at), undefined, 'DELETE'));
  // What is not there any more is what was wanted.
  return trouble?.status === 404 ? null : trouble;
}

export async function tryChannel(at: ChannelAt): Promise<TryAnswer | Trouble> {
  const said = await ask(`${pathOf(at)}/try`, undefined, 'POST');
  if ('trouble' in said) return said;
  const answer = said.body as Partial<TryAnswer> | null;
  return answer?.outcome === undefined
    ? { trouble: 'words', status: said.status }
    : (answer as TryAnswer);
}

/** Null takes them away. */
export async function putQuiet(person: string, quiet: QuietSaid | null): Promise<Trouble | null> {
  const path = `/api/v1/quiet/${encodeURIComponent(person)}`;
  return troubleOf(
    await (quiet === null ? ask(path, undefined, 'DELETE') : ask(path, quiet, 'PUT')),
  );
}

function pathOf({ owner, of, id }: ChannelAt): string {
  return `/api/v1/channels/${owner}/${encodeURIComponent(of)}/${encodeURIComponent(id)}`;
}

function troubleOf(said: object): Trouble | null {
  return 'trouble' in said ? (said as Trouble) : null;
}
