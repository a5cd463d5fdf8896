// What the floor is told of a person with an account.
import { describe, expect, it } from 'vitest';
import type { Account } from '../../server/access/records.ts';
import { profilesOf } from '../../server/gateway/profiles-of.ts';
import { createPaperFloor } from '../support/paper-floor.ts';
import { agentRow } from '../support/paper-rows.ts';

const ACCOUNT: Account = {
  ...{ id: 'bea', name: 'Bea', login: 'bea', role: 'agent', teams: ['billing'] },
  ...{ password: null, openId: null, isDisabled: false, stamp: '', madeAt: 0, seenAt: null },
};

describe('a trainee', () => {
  it('[PPL-11] stays one when they are given an account, and is a lead where it says so', () => {
    const floor = createPaperFloor();
    const { facts } = floor;
    floor.put('agents', agentRow('bea', { name: 'Bea', role: 'trainee', team: 'billing' }));
    expect(profilesOf(ACCOUNT, facts)).toEqual([]);
    expect(profilesOf({ ...ACCOUNT, role: 'supervisor' }, facts)).toEqual([
      expect.objectContaining({ data: { name: 'Bea', role: 'supervisor', team: 'billing' } }),
    ]);
  });
});
