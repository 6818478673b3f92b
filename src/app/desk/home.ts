import type { Desk } from '../../adapters/slack/desk.ts';
import { listIncidents } from '../../core/incident/list-document.ts';
import { readCase } from '../../workflows/transact.ts';
import type { DeskParts } from './parts.ts';

/** What somebody sees in the App Home. */
export function homeDesk({ journal }: DeskParts): Pick<Desk, 'home'> {
  return {
    home: async () => {
      const streams = await journal.open();
      return listIncidents(await Promise.all(streams.map((stream) => readCase(journal, stream))));
    },
  };
}
