// How often a fault is tried: a few times in `npm test`, as often as promised in `npm run faults`.
/// <reference types="vite/types/importMeta.d.ts" />

export const isFull = import.meta.env.MODE === 'full';

export function times(short: number, full: number): number {
  return isFull ? full : short;
}
