// Ten boards of the long day, as ten places in one house would have them: by page, by team, by queue, by language, for wall and desk.
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import type { Board } from '../../server/contract/board.ts';

/** Turns through its pages with the chart, so fast that each minute sees all of them; also the one that the first browser shows. */
export const TURNING: Board = board('turning', { rotateSeconds: 5 });
/** Shows each agent, all the time; the second browser's. */
export const FLOOR: Board = board('floor', { pages: ['floor'] });

export const BOARDS: readonly Board[] = [
  TURNING,
  FLOOR,
  board('queues', { pages: ['queues'], language: 'lv' }),
  board('promises', { pages: ['promises'], language: 'zh' }),
  board('today', { pages: ['today'] }),
  board('desk', { audience: 'desk' }),
  board('orders', {
    teams: ['orders', 'orders-2', 'orders-3'],
    queues: ['orders', 'orders-2', 'orders-3'],
  }),
  board('deliveries', { teams: ['deliveries'], queues: ['deliveries', 'chat'] }),
  board('billing', {
    audience: 'desk',
    teams: ['billing', 'billing-2'],
    queues: ['billing', 'billing-2'],
  }),
  board('second-house', {
    queues: ['orders-2', 'deliveries-2', 'returns-2', 'technical-2', 'chat-2'],
  }),
];

function board(id: string, rest: Partial<Board>): Board {
  return { ...DEFAULT_BOARD, id, name: id, ...rest };
}
