// The rules of the house, each in a file of its own.
import type { Rule } from './rule.ts';
import { coverLost } from './rules/cover-lost.ts';
import { holdLong } from './rules/hold-long.ts';

export const RULES: readonly Rule[] = [holdLong, coverLost];
