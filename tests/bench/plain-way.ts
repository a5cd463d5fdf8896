// A yardstick: the plain way to build a wall. It folds the log as Pharos does, and tells everybody everything each second.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { createProjection } from '../../server/boards/projection.ts';
import { WHOLE_FLOOR } from '../../server/boards/scope.ts';
import { Floor } from '../../server/floor/floor.ts';
import { instantOf } from '../../server/log/continuity.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import { takeTurn } from '../../server/engine/turn.ts';

const EACH_MS = 1_000;
const [url = '', journal = ''] = process.argv.slice(2);

const redis = new Redis(url);
const now = Date.now();
const site = { site: 'main', zone: 'Europe/Riga', country: null, dayStarts: '00:00' };
const floor = new Floor({ ...site, languages: ['en'], demo: false, build: 'plain', now });
const dedup = createDedupWindow();
const projection = createProjection('desk', '');
const http = createServer();
const io = new Server(http, { perMessageDeflate: false, transports: ['websocket'] });

function wholeState(): object {
  const tables = WHOLE_FLOOR.tables.flatMap((table) => {
    if (table === 'alerts') return [];
    // One table's facts meet that table's projection.
    const shown = projection[table] as (fact: unknown) => object;
    return [
      [table, Object.fromEntries([...floor.facts[table]].map(([id, fact]) => [id, shown(fact)]))],
    ];
  });
  return Object.fromEntries(tables) as object;
}

setInterval(() => io.emit('floor', wholeState()), EACH_MS);
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));

let position = '0';
let soundAt = now;
for (;;) {
  const read = await redis.xread('COUNT', 1_000, 'BLOCK', 1_000, 'STREAMS', journal, position);
  const entries = (read?.[0]?.[1] ?? []).map(([id, words]) => {
    const fields: Record<string, string> = {};
    for (let at = 0; at < words.length; at += 2) fields[words[at]!] = words[at + 1]!;
    return { id, at: instantOf(id), fields };
  });
  position = entries.at(-1)?.id ?? position;
  const moment = { now: Date.now(), soundAt, poisonedBy: null };
  soundAt = takeTurn({ floor, dedup }, entries, moment).soundAt;
}
