import type { Desk } from '../../adapters/slack/desk.ts';
import { HousecallError } from '../../core/errors.ts';
import type { DeskParts } from './parts.ts';

/** The dialogs behind the buttons of the panel. */
export function formDesk(_parts: DeskParts): Pick<Desk, 'form' | 'submit'> {
  const none = (which: string): never => {
    throw new HousecallError('NOT_FOUND', `there is no dialog ${which}`);
  };
  return { form: async (which) => none(which), submit: async (which) => none(which) };
}
