// A message that is said to one socket after another: its bytes are made once, and every WebSocket shares them.

export type Say = 'snapshot' | 'delta' | 'tick';

export class Message {
  readonly what: Say;
  /** JSON. */
  readonly text: string;
  /** Header and payload of one WebSocket frame, as engine.io takes them without encoding anything. */
  readonly webSocketFrame: readonly [Buffer, Buffer];

  constructor(what: Say, text: string) {
    this.what = what;
    this.text = text;
    // `4` is a message of engine.io, `2` an event of socket.io.
    const payload = Buffer.from(`42["${what}",${text}]`);
    this.webSocketFrame = [headerOf(payload.length), payload];
  }

  get bytes(): number {
    return this.webSocketFrame[1].length;
  }
}

/** RFC 6455, 5.2: a whole text message, not masked, since a server says it. */
function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header.writeUInt16BE(0x817f);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
