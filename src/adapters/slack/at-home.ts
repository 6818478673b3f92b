import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { showHome } from './chat/home.ts';
import type { Caller } from './desk.ts';
import type { Visit } from './edge.ts';
import type { Given } from './given.ts';

/**
 * Somebody looks at the App Home, or clicks there: it shows how things stand after that, and first what
 * the click had to say. Who may not come in reads why. Never throws.
 */
export async function atHome(
  { edge, desk, api }: Given,
  visit: Visit,
  work: (caller: Caller) => Promise<Document | null>,
): Promise<void> {
  const sorry = (error: unknown): Document => edge.explain(error, visit);
  try {
    const shown = await edge.admit(visit).then(
      async (caller) => {
        const said = await work(caller).catch(sorry);
        return below(said, await desk.home(caller).catch(sorry));
      },
      (error: unknown) => {
        // Whoever replays a request learns nothing.
        if (error instanceof HousecallError && error.code === 'CANCELLED') return null;
        return sorry(error);
      },
    );
    if (shown !== null) await showHome(api, visit.user, shown);
  } catch (error) {
    // Into the log; there is no other place to tell it.
    sorry(error);
  }
}

function below(said: Document | null, home: Document): Document {
  if (said === null) return home;
  return { ...home, blocks: [...said.blocks, { kind: 'divider' }, ...home.blocks] };
}
