// What a thing is called at the desk: an agent by name, a contact or a promise by its customer.
import type { Desk } from './desk.svelte.ts';
import type { ThingOf } from './things-of.ts';

export function thingName(
  { kind, id }: ThingOf,
  { view, live }: Pick<Desk, 'view' | 'live'>,
): string {
  switch (kind) {
    case 'agent':
      return view.agentName(id);
    case 'contact':
    case 'callback': {
      const table = kind === 'contact' ? live.tables.contacts : live.tables.callbacks;
      const label = table.get(id)?.customer.label ?? '';
      return label === '' ? view.say('promises.a-customer') : label;
    }
    default: {
      const never: never = kind;
      return never;
    }
  }
}
