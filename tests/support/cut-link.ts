// A line between two programs that a test can cut: it passes bytes on, swallows them in silence, or breaks.
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export interface CutLink {
  readonly port: number;
  /** From now on bytes go nowhere, both ways, and nobody is told: a cable that was pulled. */
  swallow(): void;
  /** Breaks every connection and passes new ones on again. */
  mend(): void;
  /** Passes new connections on again, while those that there are stay lost in silence: a way that forgot them. */
  forget(): void;
  close(): Promise<void>;
}

export async function cutLink(target: number): Promise<CutLink> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const lost = new WeakSet<readonly [Socket, Socket]>();
  let swallowing = false;
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: target });
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      if (swallowing || lost.has(pair)) return;
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes: Buffer) => {
        if (!swallowing && !lost.has(pair)) to.write(bytes);
      });
      from.on('error', end);
      from.on('close', end);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('invariant: a port was asked for');

  function breakAll(): void {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  }

  return {
    port: address.port,
    swallow() {
      swallowing = true;
    },
    mend() {
      swallowing = false;
      breakAll();
    },
    forget() {
      swallowing = false;
      for (const pair of pairs) lost.add(pair);
    },
    async close() {
      swallowing = false;
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
