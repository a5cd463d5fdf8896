// The shape of a board as somebody saves it.
import { z } from 'zod';
import { AUDIENCES, LANGUAGES } from '../contract/lists.ts';
import { DEFAULT_BOARD, PAGES } from '../contract/board.ts';
import { INCHES, SEAT_METRES } from '../contract/access.ts';
import { ID_EXPECTED, isId } from '../contract/ids.ts';

const ids = z
  .array(z.string().refine(isId, { error: ID_EXPECTED }))
  .max(500)
  .nullable();

export const board = z.object({
  name: z.string().max(120),
  audience: z.enum(AUDIENCES).default(DEFAULT_BOARD.audience),
  queues: ids.default(null),
  queuesOf: ids.optional(),
  teams: ids.default(null),
  language: z.enum(LANGUAGES).default(DEFAULT_BOARD.language),
  pages: z
    .array(z.enum(PAGES))
    .min(1)
    .max(PAGES.length)
    .default([...PAGES]),
  rotateSeconds: z.number().min(5).max(600).default(DEFAULT_BOARD.rotateSeconds),
  screen: z
    .object({
      inches: z.number().min(INCHES.least).max(INCHES.most),
      seatMetres: z.number().min(SEAT_METRES.least).max(SEAT_METRES.most),
      isPortrait: z.boolean().optional(),
    })
    .default(DEFAULT_BOARD.screen),
});

/** The saving that it replaces, null for none; where another stands by then, nothing is done. Absent: whatever stands there. */
const over = z.string().max(128).nullable().optional();

export const boardSaved = board.extend({ over });
export const boardRemoved = z.object({ over });
