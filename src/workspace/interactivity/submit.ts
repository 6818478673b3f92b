import { checkView } from '../blocks/check-view.ts';
import type { Context } from '../context.ts';
import { isRecord, type Json, listOf, recordOf, recordsOf } from '../json.ts';
import type { User, View } from '../model.ts';
import { addView, dropStack, removeView, replaceView, stackOf, viewJson } from '../views.ts';
import { interactionHead } from './click.ts';
import { stateOf } from './find-action.ts';

export interface SubmitOutcome {
  readonly ok: boolean;
  /** `view_not_found`, `input_required`, `validation_errors`, `operation_timeout`, `dispatch_failed`, `invalid_response`. */
  readonly error?: string;
  readonly ackMs: number;
  /** What is wrong with which input: by block id. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The view to see now, after `update` or `push`. */
  readonly view?: Json;
}

/** What a person filled in, by action id or block id: a text, an option's value, or several. */
export type Filled = Readonly<Record<string, unknown>>;

/** `view.state.values` for what a person filled in; initial values fill the rest. */
export function stateValues(view: View, filled: Filled): Json {
  const values: Json = {};
  for (const block of recordsOf(view.content['blocks'])) {
    const blockId = String(block['block_id']);
    const elements = [block['element'], block['accessory']].concat(
      block['type'] === 'actions' ? [...recordsOf(block['elements'])] : [],
    );
    for (const element of elements.filter(isRecord)) {
      const actionId = element['action_id'];
      if (typeof actionId !== 'string' || element['type'] === 'button') continue;
      const nested = recordOf(filled[blockId])[actionId];
      const given =
        nested ?? filled[actionId] ?? (isRecord(filled[blockId]) ? undefined : filled[blockId]);
      values[blockId] = { ...recordOf(values[blockId]), [actionId]: stateOf(element, given) };
    }
  }
  return values;
}

/** A person submits a modal. */
export async function submitView(
  context: Context,
  who: { readonly user: User; readonly view: View },
  filled: Filled,
): Promise<SubmitOutcome> {
  const { user, view } = who;
  const values = stateValues(view, filled);
  const missing = missingInputs(view, values);
  if (Object.keys(missing).length > 0)
    return { ok: false, error: 'input_required', errors: missing, ackMs: 0 };
  const ack = await context.transport.ask('interactive', {
    type: 'view_submission',
    ...interactionHead(context, user),
    trigger_id: context.triggers.issue({ user: user.id, view: view.id }),
    view: viewJson(context, view, values),
    response_urls: [],
  });
  if (!ack.ok) return { ok: false, error: ack.error, ackMs: ack.ms };
  return { ...applyAnswer(context, view, ack.payload), ackMs: ack.ms };
}

/** A person closes a modal; the app hears of it when it asked for that. */
export async function closeView(
  context: Context,
  who: { readonly user: User; readonly view: View },
): Promise<{ readonly ok: boolean; readonly error?: string }> {
  const { user, view } = who;
  if (view.content['clear_on_close'] === true) dropStack(context, user.id);
  else removeView(context, view);
  if (view.content['notify_on_close'] !== true) return { ok: true };
  const ack = await context.transport.ask('interactive', {
    type: 'view_closed',
    ...interactionHead(context, user),
    view: viewJson(context, view),
    is_cleared: view.content['clear_on_close'] === true,
  });
  return ack.ok ? { ok: true } : { ok: false, error: ack.error };
}

function missingInputs(view: View, values: Json): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const block of recordsOf(view.content['blocks'])) {
    if (block['type'] !== 'input' || block['optional'] === true) continue;
    const blockId = String(block['block_id']);
    const entries = Object.values(recordOf(values[blockId])).map(recordOf);
    if (entries.every(isEmpty)) missing[blockId] = 'Please complete this required field.';
  }
  return missing;
}

function isEmpty(state: Json): boolean {
  return Object.entries(state).every(
    ([key, value]) =>
      key === 'type' || value === null || (listOf(value).length === 0 && Array.isArray(value)),
  );
}

/** What the app's ack does with the modal: close, update, push, clear, or errors at inputs. */
function applyAnswer(context: Context, view: View, answer: Json): Omit<SubmitOutcome, 'ackMs'> {
  const next = answer['view'];
  switch (answer['response_action']) {
    case undefined:
      removeView(context, view);
      return { ok: true };
    case 'clear':
      dropStack(context, view.user);
      return { ok: true };
    case 'errors': {
      const errors = recordOf(answer['errors']);
      const known = recordsOf(view.content['blocks']).map((block) => block['block_id']);
      const isGood = Object.keys(errors).every((id) => known.includes(id));
      if (!isGood || Object.keys(errors).length === 0)
        return { ok: false, error: 'invalid_response' };
      const texts = Object.fromEntries(
        Object.entries(errors).map(([id, text]) => [id, String(text)]),
      );
      return { ok: false, error: 'validation_errors', errors: texts };
    }
    case 'update':
    case 'push': {
      if (!isRecord(next) || checkView(next, 'modal').length > 0)
        return { ok: false, error: 'invalid_response' };
      if (answer['response_action'] === 'update') {
        replaceView(context, view, next);
        return { ok: true, view: viewJson(context, view) };
      }
      if (stackOf(context, view.user).length >= 3)
        return { ok: false, error: 'push_limit_reached' };
      const pushed = addView(context, {
        type: 'modal',
        user: view.user,
        content: next,
        below: view,
      });
      return { ok: true, view: viewJson(context, pushed) };
    }
    default:
      return { ok: false, error: 'invalid_response' };
  }
}
