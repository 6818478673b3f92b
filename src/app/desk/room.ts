import type { Desk } from '../../adapters/slack/desk.ts';
import type { DeskParts } from './parts.ts';

/** What is said in rooms, as it is said. */
export function roomDesk(_parts: DeskParts): Pick<Desk, 'observe'> {
  return { observe: async () => {} };
}
