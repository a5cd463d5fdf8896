// What clients say over the socket, checked: a shape that is not of the contract is nothing.
import { z } from 'zod';
import { isId } from '../contract/ids.ts';
import type { Handshake, Have } from '../contract/protocol.ts';

const epoch = z.string().max(64);
const seq = z.int().nonnegative();
const position = z.object({ epoch, seq });

const handshake = z.object({
  protocol: z.number(),
  board: z.string().refine(isId).optional(),
  have: position.optional(),
  token: z.string().max(1_024).optional(),
  draft: z.unknown().optional(),
});

const have = position.extend({
  painted: z.number().optional(),
  build: z.string().max(64).optional(),
});
const nothing = z.object({});

/** Null: not one. */
export function readHandshake(said: unknown): Handshake | null {
  return handshake.safeParse(said).data ?? null;
}

export function readHave(said: readonly unknown[]): Have | null {
  return have.safeParse(said[0]).data ?? null;
}

export function isResync(said: readonly unknown[]): boolean {
  return nothing.safeParse(said[0] ?? {}).success;
}
