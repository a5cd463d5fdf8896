// Lines to copy for a new source: by HTTP with its token, and by Redis into its own stream.
import { isGranted } from '../../../server/contract/grants.ts';

export interface ReadyFor {
  /** `https://pharos.example.com`, as this browser reaches it. */
  readonly origin: string;
  readonly site: string;
  readonly source: string;
  readonly token: string;
  readonly grant: readonly string[];
}

export interface ReadyLines {
  readonly http: string;
  readonly acl: string;
  readonly xadd: string;
}

/** What is tried with: the end of a contact that nobody knows changes nothing, and shows that the source is heard. */
const EXAMPLES = [
  { type: 'contact.ended', data: {} },
  { type: 'agent.state', data: { state: 'available' } },
  { type: 'callback.completed', data: { by: '101' } },
  { type: 'assist.closed', data: { by: '101' } },
  { type: 'queue.profile', data: { name: 'Support' } },
  { type: 'agent.profile', data: { name: 'Anna Kowalska' } },
  { type: 'team.profile', data: { name: 'Support' } },
  { type: 'supervisor.presence', data: { presence: 'desk' } },
  { type: 'cover.ended', data: { by: '201' } },
  // Whoever says this once and no more is silent from then on.
  { type: 'source.heartbeat', data: { everySeconds: 60 } },
] as const;

export function readyLines({ origin, site, source, token, grant }: ReadyFor): ReadyLines {
  const known = EXAMPLES.find((one) => isGranted(grant, one.type));
  const { type, data } = known ?? { type: grant[0] ?? '', data: {} };
  const subject = type.startsWith('source.') ? source : 'example-1';
  const body = JSON.stringify({
    ...{ specversion: '1.0', id: 'first-1', source, type, subject },
    ...{ datacontenttype: 'application/json', data },
  });
  const stream = `pharos:{${site}}:in:${source}`;
  return {
    http: `curl -X POST ${quoted(`${origin}/api/v1/events`)} -H ${quoted(`Authorization: Bearer ${token}`)} -H 'Content-Type: application/cloudevents+json' -d ${quoted(body)}`,
    acl: `redis-cli ACL SETUSER ${quoted(source)} on '>SECRET' resetkeys ${quoted(`%W~${stream}`)} resetchannels -@all +xadd +ping`,
    xadd: `redis-cli XADD ${quoted(stream)} '*' type ${type} subject ${quoted(subject)} data ${quoted(JSON.stringify(data))}`,
  };
}

/** As a POSIX shell takes it for one word; a plain word stays as it is. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
