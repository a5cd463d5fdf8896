// What a page's heap consists of, by kind: a heap snapshot of Chromium, summed. Code that the engine has made faster is no leak of ours.
import type { CDPSession } from 'playwright-core';

/** Bytes by kind; `rest` is objects, arrays, closures and what describes them. */
export interface Kinds {
  readonly code: number;
  readonly strings: number;
  readonly rest: number;
}

interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
}

/** Nodes of the page's own engine room, which are no part of `JSHeapUsedSize`. */
const NOT_OURS = 'native';

export async function kindsOf(session: CDPSession): Promise<Kinds> {
  const parts: string[] = [];
  const hear = ({ chunk }: { readonly chunk: string }): unknown => parts.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', hear);
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', hear);
  const { snapshot, nodes } = JSON.parse(parts.join('')) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, sizeAt] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const kinds = { code: 0, strings: 0, rest: 0 };
  for (let at = 0; at < nodes.length; at += fields.length) {
    const type = types[0][nodes[at + typeAt] ?? -1] ?? '';
    const size = nodes[at + sizeAt] ?? 0;
    if (type === NOT_OURS) continue;
    else if (type === 'code') kinds.code += size;
    else if (type.endsWith('string')) kinds.strings += size;
    else kinds.rest += size;
  }
  return kinds;
}
