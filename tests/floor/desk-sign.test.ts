// A page in use is a sign of its supervisor, beside what they say themselves and what their phone shows.
import { describe, expect, it } from 'vitest';
import { Floor } from '../../server/floor/floor.ts';
import { OPTIONS, Scene } from './scene.ts';

const MINUTE = 60;

function lead(): Scene {
  const scene = new Scene();
  scene.tell(0, 'team.profile', 'blue', { name: 'Blue', leads: ['anna'] });
  scene.tell(0, 'agent.profile', 'anna', { name: 'Anna', role: 'lead', team: 'blue' });
  scene.tell(0, 'agent.profile', 'charles', { name: 'Charles', team: 'blue' });
  scene.tell(0, 'agent.state', 'charles', { state: 'available' });
  return scene;
}
const sign = { presence: 'desk', via: 'desk-page' } as const;
const standing = ({ floor: { facts } }: Scene) => [
  facts.agents.get('anna')?.presence,
  facts.teams.get('blue')?.cover.state,
];

describe('the sign of a page in use', () => {
  it('[CMD-43] covers the team, and gives way to the lead’s own call while that lasts', () => {
    const scene = lead();
    scene.tell(1, 'supervisor.presence', 'anna', sign);
    expect(standing(scene)).toEqual(['desk', 'covered']);
    scene.tell(2, 'agent.state', 'anna', { state: 'talking' });
    expect(standing(scene)).toEqual(['call', 'thin']);
    scene.tell(3, 'supervisor.presence', 'anna', sign);
    expect(standing(scene)).toEqual(['call', 'thin']);
    scene.tell(4, 'agent.state', 'anna', { state: 'available' });
    expect(standing(scene)).toEqual(['desk', 'covered']);
  });

  it('[CMD-43] is no word of theirs: that beats the phone until its end', () => {
    const scene = lead();
    scene.tell(1, 'supervisor.presence', 'anna', { presence: 'floor', via: 'desk' });
    scene.tell(2, 'agent.state', 'anna', { state: 'talking' });
    expect(standing(scene)).toEqual(['floor', 'covered']);
    scene.wait(1 + 30 * MINUTE);
    expect(standing(scene)).toEqual(['call', 'thin']);
  });

  it('[CMD-43] is still a sign after a restart', () => {
    const scene = lead();
    scene.tell(1, 'supervisor.presence', 'anna', sign);
    scene.floor = Floor.restore(scene.floor.dump(), OPTIONS);
    scene.tell(2, 'agent.state', 'anna', { state: 'talking' });
    expect(standing(scene)).toEqual(['call', 'thin']);
  });
});
