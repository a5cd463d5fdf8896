// What is wrong with what somebody said: which field, what was expected, what was given.
import type { z } from 'zod';
import { isValueTooDeep } from '../events/nesting.ts';

/** Characters of what stays of a value in an answer. */
const GIVEN_MOST = 200;

export interface Problem {
  readonly field: string;
  readonly expected: string;
  readonly given: string;
}

export const TOO_DEEP: Problem = {
  field: '',
  expected: 'an object that is not nested so deep',
  given: '"…"',
};

export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** A body of JSON by its shape. */
export function readBody<T>(shape: z.ZodType<T>, body: unknown): Read<T> {
  if (isValueTooDeep(body)) return { kind: 'problem', problem: TOO_DEEP };
  const parsed = shape.safeParse(body ?? {});
  return parsed.success
    ? { kind: 'read', value: parsed.data }
    : { kind: 'problem', problem: problemOf(parsed.error, body) };
}

/** The first of what is wrong. */
export function problemOf({ issues: [issue] }: Pick<z.ZodError, 'issues'>, said: unknown): Problem {
  const path = issue?.path ?? [];
  return {
    field: path.map(String).join('.'),
    expected: issue?.message ?? 'the words of the contract',
    given: given(at(said, path)),
  };
}

/** A value as it is shown to whoever said it. */
export function given(value: unknown): string {
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
  return shown.length > GIVEN_MOST ? `${shown.slice(0, GIVEN_MOST)}…` : shown;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step))
      return undefined;
    found = (found as Record<PropertyKey, unknown>)[step];
  }
  return found;
}
