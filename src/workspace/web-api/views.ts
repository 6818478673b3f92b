import { checkView, isViewTooLarge } from '../blocks/check-view.ts';
import type { Context, Trigger } from '../context.ts';
import type { Json } from '../json.ts';
import { optionalText } from '../json.ts';
import type { View } from '../model.ts';
import { addView, isExternalIdTaken, replaceView, stackOf, viewJson } from '../views.ts';
import {
  type Call,
  type MethodTable,
  Refusal,
  refusal,
  required,
  structuredRecord,
  text,
} from './method.ts';

export const viewMethods: MethodTable = {
  'views.open': { run: open },
  'views.push': { run: push },
  'views.update': { run: update },
  'views.publish': { run: publish },
};

function contentOf(call: Call, type: 'modal' | 'home'): Json {
  const view = structuredRecord(call, 'view', 'invalid_arguments');
  if (!view) throw refusal('invalid_arguments', ['missing required field: view']);
  if (isViewTooLarge(view)) throw new Refusal('view_too_large');
  const messages = checkView(view, type);
  if (messages.length > 0) throw refusal('invalid_arguments', messages);
  return view;
}

function triggerOf(call: Call): Trigger {
  const trigger = call.context.triggers.take(required(call, 'trigger_id', 'invalid_trigger_id'));
  if ('error' in trigger) throw new Refusal(trigger.error);
  return trigger;
}

function mustBeUnique(context: Context, content: Json, own?: View): void {
  const externalId = optionalText(content['external_id']);
  if (externalId !== undefined && isExternalIdTaken(context, externalId, own?.id))
    throw new Refusal('duplicate_external_id');
}

function open(call: Call): Json {
  const { context } = call;
  const content = contentOf(call, 'modal');
  mustBeUnique(context, content);
  const trigger = triggerOf(call);
  const view = addView(context, { type: 'modal', user: trigger.user, content });
  return { view: viewJson(context, view) };
}

/** On top of the view that the trigger was given in; three are the most. */
function push(call: Call): Json {
  const { context } = call;
  const content = contentOf(call, 'modal');
  mustBeUnique(context, content);
  const trigger = triggerOf(call);
  const stack = stackOf(context, trigger.user);
  const below = stack.at(-1);
  if (trigger.view === undefined || below?.id !== trigger.view) throw new Refusal('not_found');
  if (stack.length >= 3) throw new Refusal('push_limit_reached');
  const view = addView(context, { type: 'modal', user: trigger.user, content, below });
  return { view: viewJson(context, view) };
}

function update(call: Call): Json {
  const { context } = call;
  const id = text(call, 'view_id');
  const externalId = text(call, 'external_id');
  if (id === undefined && externalId === undefined)
    throw refusal('invalid_arguments', ['must provide view_id or external_id']);
  const view = [...context.state.views.values()].find((candidate) =>
    id === undefined ? candidate.externalId === externalId : candidate.id === id,
  );
  const content = contentOf(call, view?.type ?? 'modal');
  if (!view) throw new Refusal('not_found');
  const hash = text(call, 'hash');
  if (hash !== undefined && hash !== view.hash) throw new Refusal('hash_conflict');
  mustBeUnique(context, content, view);
  replaceView(context, view, content);
  return { view: viewJson(context, view) };
}

function publish(call: Call): Json {
  const { context } = call;
  const user = context.state.users.get(required(call, 'user_id'));
  if (!user || user.isBot) throw new Refusal('user_not_found');
  const content = contentOf(call, 'home');
  const home = [...context.state.views.values()].find(
    (view) => view.type === 'home' && view.user === user.id,
  );
  const hash = text(call, 'hash');
  if (home && hash !== undefined && hash !== home.hash) throw new Refusal('hash_conflict');
  if (home) replaceView(context, home, content);
  const view = home ?? addView(context, { type: 'home', user: user.id, content });
  return { view: viewJson(context, view) };
}
