import { withIds } from './blocks/check-blocks.ts';
import type { Context } from './context.ts';
import { type Json, recordsOf, textOf } from './json.ts';
import type { View } from './model.ts';

/** The modals and home pages that people have open. */

export function addView(
  context: Context,
  wanted: {
    readonly type: View['type'];
    readonly user: string;
    readonly content: Json;
    readonly below?: View;
  },
): View {
  const { state } = context;
  if (wanted.type === 'modal' && !wanted.below) dropStack(context, wanted.user);
  const id = state.nextId('V');
  const view: View = {
    id,
    type: wanted.type,
    user: wanted.user,
    content: prepared(context, wanted.content),
    hash: newHash(context),
    rootId: wanted.below?.rootId ?? id,
    ...(wanted.below ? { previousId: wanted.below.id } : {}),
    externalId: textOf(wanted.content['external_id']),
  };
  state.views.set(id, view);
  context.publish({ kind: 'views', user: view.user });
  return view;
}

export function replaceView(context: Context, view: View, content: Json): void {
  view.content = prepared(context, content);
  view.hash = newHash(context);
  view.externalId = textOf(content['external_id']);
  context.publish({ kind: 'views', user: view.user });
}

export function removeView(context: Context, view: View): void {
  context.state.views.delete(view.id);
  context.publish({ kind: 'views', user: view.user });
}

/** This person's modals, the visible one last. */
export function stackOf(context: Context, user: string): readonly View[] {
  return [...context.state.views.values()].filter(
    (view) => view.user === user && view.type === 'modal',
  );
}

export function dropStack(context: Context, user: string): void {
  for (const view of stackOf(context, user)) context.state.views.delete(view.id);
  context.publish({ kind: 'views', user });
}

export function isExternalIdTaken(context: Context, externalId: string, own?: string): boolean {
  return [...context.state.views.values()].some(
    (view) => view.externalId === externalId && view.id !== own,
  );
}

/** The view as the Web API and the payloads show it; `values` is what the person has filled in. */
export function viewJson(context: Context, view: View, values: Json = {}): Json {
  const { state } = context;
  const { content } = view;
  return structuredClone({
    id: view.id,
    team_id: state.team.id,
    type: view.type,
    blocks: content['blocks'],
    private_metadata: textOf(content['private_metadata']),
    callback_id: textOf(content['callback_id']),
    state: { values },
    hash: view.hash,
    title: content['title'] ?? null,
    close: content['close'] ?? null,
    submit: content['submit'] ?? null,
    clear_on_close: content['clear_on_close'] === true,
    notify_on_close: content['notify_on_close'] === true,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: state.bot.appId,
    external_id: view.externalId,
    app_installed_team_id: state.team.id,
    bot_id: state.bot.botId,
  });
}

function prepared(context: Context, content: Json): Json {
  const newId = (): string => context.state.nextId('').slice(0, 5);
  return { ...content, blocks: withIds(recordsOf(content['blocks']), newId) };
}

function newHash(context: Context): string {
  return `${Math.floor(context.now() / 1000)}.${context.state.nextId('').slice(0, 8)}`;
}
