// The rules of the house, each in a file of its own.
import type { Rule } from './rule.ts';
import { agentDoubtful } from './rules/agent-doubtful.ts';
import { assistUnanswered } from './rules/assist-unanswered.ts';
import { callbackAtRisk } from './rules/callback-at-risk.ts';
import { callbackCustomerFirst } from './rules/callback-customer-first.ts';
import { callbackOverdue } from './rules/callback-overdue.ts';
import { callbackUnproved } from './rules/callback-unproved.ts';
import { coverLost } from './rules/cover-lost.ts';
import { holdForgotten } from './rules/hold-forgotten.ts';
import { holdLong } from './rules/hold-long.ts';
import { queueTarget } from './rules/queue-target.ts';
import { sourceStale } from './rules/source-stale.ts';
import { waitLong } from './rules/wait-long.ts';

export const RULES: readonly Rule[] = [
  holdLong,
  holdForgotten,
  waitLong,
  queueTarget,
  coverLost,
  assistUnanswered,
  callbackAtRisk,
  callbackOverdue,
  callbackCustomerFirst,
  callbackUnproved,
  agentDoubtful,
  sourceStale,
];
