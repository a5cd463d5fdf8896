// A browser's side of push, written from the RFCs and nothing of the product's library: keys, decryption (8291 over 8188), VAPID (8292).
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto';

export interface PushReader {
  /** As `PushSubscription.toJSON().keys`. */
  readonly keys: { readonly p256dh: string; readonly auth: string };
  /** The text of one message; throws where it is not for this reader, or was changed. */
  read(body: Buffer): string;
}

/** `of`: keys of a known reader, as in the RFC's example, base64url. */
export function createPushReader(of?: {
  readonly privateKey: string;
  readonly auth: string;
}): PushReader {
  const own = createECDH('prime256v1');
  if (of) own.setPrivateKey(Buffer.from(of.privateKey, 'base64url'));
  else own.generateKeys();
  const auth = of ? Buffer.from(of.auth, 'base64url') : randomBytes(16);
  return {
    keys: {
      p256dh: own.getPublicKey().toString('base64url'),
      auth: auth.toString('base64url'),
    },
    read(body) {
      const salt = body.subarray(0, 16);
      const size = body.readUInt32BE(16);
      const idLength = body.readUInt8(20);
      const theirs = body.subarray(21, 21 + idLength);
      const record = body.subarray(21 + idLength);
      if (record.length > size) throw new Error('more than one record');
      const shared = own.computeSecret(theirs);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), theirs]);
      const input = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
      const derive = (what: string, length: number): Buffer =>
        Buffer.from(
          hkdfSync('sha256', input, salt, Buffer.from(`Content-Encoding: ${what}\0`), length),
        );
      const decipher = createDecipheriv(
        'aes-128-gcm',
        derive('aes128gcm', 16),
        derive('nonce', 12),
      );
      decipher.setAuthTag(record.subarray(-16));
      const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
      const end = padded.lastIndexOf(2);
      if (end < 0) throw new Error('the last record has no end');
      return padded.subarray(0, end).toString('utf8');
    },
  };
}

export interface Vapid {
  readonly key: string;
  readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string };
}

/** Who signed it, and what they say; throws where the signature is not theirs. */
export function readVapid(authorization: string): Vapid {
  const [, token = '', key = ''] = /^vapid t=([^,\s]+), ?k=(\S+)$/.exec(authorization) ?? [];
  const [head = '', body = '', mark = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
    format: 'jwk',
  });
  const signed = Buffer.from(`${head}.${body}`);
  const options = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', signed, options, Buffer.from(mark, 'base64url')))
    throw new Error('the signature is not of this key');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Vapid['claims'];
  return { key, claims };
}
