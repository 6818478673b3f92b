import type { Control } from '../../workspace/control/control.ts';
import type { SeenMessage } from '../../workspace/control/look.ts';
import { buttonsOf, formText } from './read-message.ts';

const SECONDS = 1_000;

/** Where a Review button is, and who presses it. */
export interface Ask {
  readonly person: string;
  readonly room: string;
  /** The message with the button, and the button's value. */
  readonly ts: string;
  readonly value: string;
  /** Reads the dialog. */
  readonly onForm?: (text: string) => void;
}

/**
 * A person reviews a fix and requests it, accepting a loss where the dialog asks for that. Resolves with
 * the message that asks for approval.
 * @throws Error with what was not shown, or what Slack was told instead.
 */
export async function playRequest(control: Control, ask: Ask): Promise<SeenMessage> {
  const { person, room } = ask;
  const before = new Set(
    control
      .messages(room)
      .filter(asksForApproval)
      .map(({ ts }) => ts),
  );
  expectOk('click', await control.click(person, room, ask.ts, 'fix.review', ask.value));
  const form = await control.waitFor(
    () => control.views(person).find((view) => (view['submit'] ?? null) !== null),
    60 * SECONDS,
    'the plan in the dialog',
  );
  const text = formText(form);
  ask.onForm?.(text);
  // Where no copy can be kept, the dialog asks to type which loss is accepted.
  const [, words] = /To accept the loss type: (lose \S+)/.exec(text) ?? [];
  const typed = words === undefined ? {} : { loss: words };
  expectOk('submit', await control.submitView(person, String(form['id']), typed));
  return await control.waitFor(
    () =>
      control.messages(room).find((message) => asksForApproval(message) && !before.has(message.ts)),
    60 * SECONDS,
    'a message that asks for approval',
  );
}

function asksForApproval(message: SeenMessage): boolean {
  return buttonsOf(message).some(({ action }) => action === 'fix.approve');
}

export function expectOk(what: string, outcome: { ok: boolean; error?: string }): void {
  if (!outcome.ok) throw new Error(`${what}: ${outcome.error ?? 'failed'}`);
}
