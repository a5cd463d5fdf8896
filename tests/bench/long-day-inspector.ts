// Node's own inspector of a server that runs with `--inspect`: the heap right after a collection, without a word of the product.
import { WebSocket } from 'ws';
import type { Pharos } from '../support/pharos.ts';

export interface Inspector {
  /** Bytes. */
  heapAfterCollection(): Promise<number>;
  close(): void;
}

/** Node's own inspector, by the address that it prints. */
export async function openInspector({ printed }: Pick<Pharos, 'printed'>): Promise<Inspector> {
  const [, address] = /Debugger listening on (ws:\S+)/.exec(printed()) ?? [];
  if (address === undefined) throw new Error('expected Pharos to run with --inspect');
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let asked = 0;
  const say = (method: string): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve) => {
      const id = ++asked;
      const hear = (text: Buffer): void => {
        const said = JSON.parse(text.toString()) as {
          readonly id?: number;
          readonly result?: Readonly<Record<string, unknown>>;
        };
        if (said.id !== id) return;
        socket.off('message', hear);
        resolve(said.result ?? {});
      };
      socket.on('message', hear);
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    async heapAfterCollection() {
      await say('HeapProfiler.collectGarbage');
      return Number((await say('Runtime.getHeapUsage')).usedSize);
    },
    close: () => socket.close(),
  };
}
