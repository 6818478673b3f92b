import type { Control } from '../../workspace/control/control.ts';
import type { SeenMessage } from '../../workspace/control/look.ts';
import { expectOk } from './play-fix.ts';
import { buttonsOf, formText, textOf } from './read-message.ts';

const PATIENCE_MS = 30_000;

/** The direct message that calls somebody, with its button. */
export async function waitForPage(
  control: Control,
  person: string,
): Promise<{ readonly channel: string; readonly page: SeenMessage }> {
  return await control.waitFor(
    () =>
      control
        .channels()
        .filter(({ kind, members }) => kind === 'im' && members.includes(person))
        .flatMap(({ id }) => control.messages(id).map((page) => ({ channel: id, page })))
        .find(({ page }) => buttonsOf(page).some(({ action }) => action === 'incident.ack')),
    PATIENCE_MS,
    `a page for ${person}`,
  );
}

/** Opens somebody's App Home and gives what it says once this stands there. */
export async function waitForHome(
  control: Control,
  person: string,
  needle: string,
): Promise<string> {
  control.openHome(person);
  return await control.waitFor(
    () => {
      const view = control.home(person);
      const text = view === null ? '' : formText(view);
      return text.includes(needle) ? text : null;
    },
    PATIENCE_MS,
    `"${needle}" in the App Home of ${person}`,
  );
}

/** People and channels as Slack shows them: `@ada`, `#incidents`, not by their ids. */
export function withNames(control: Pick<Control, 'users' | 'channels'>, text: string): string {
  const names = new Map(
    [...control.users(), ...control.channels()].map(({ id, name }) => [id, name]),
  );
  return text.replace(/<?([@#])([UWCG][A-Z0-9]{8,})>?/g, (whole, sign: string, id: string) =>
    names.has(id) ? `${sign}${names.get(id)}` : whole,
  );
}

export function isPanel(text: string): boolean {
  return /^SEV\d /.test(text);
}

/** Presses a button of the panel, fills in its dialog and sends it. */
export async function fillForm(
  control: Control,
  where: { readonly person: string; readonly room: string; readonly action: string },
  filled: Readonly<Record<string, string>>,
): Promise<void> {
  const { person, room, action } = where;
  const panel = control.messages(room).find((message) => isPanel(textOf(message)));
  if (panel === undefined) throw new Error('there is no panel');
  expectOk('click', await control.click(person, room, panel.ts, action));
  const form = await control.waitFor(
    () => control.views(person).find((view) => (view['submit'] ?? null) !== null),
    PATIENCE_MS,
    `the dialog of ${action}`,
  );
  expectOk('submit', await control.submitView(person, String(form['id']), filled));
}
