import type { Caller, Desk } from '../../adapters/slack/desk.ts';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { resolveTargets } from '../../core/fleet/targets.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { IncidentChange } from '../../core/incident/change.ts';
import { listIncidents } from '../../core/incident/list-document.ts';
import { panelDocument } from '../../core/incident/panel-document.ts';
import { incidentHelp } from '../../core/slash/help.ts';
import type { IncidentCommand } from '../../core/slash/incident.ts';
import { requestClose } from '../../workflows/closing/request-close.ts';
import { freezeFixes, unfreezeFixes } from '../../workflows/fix/freeze-fixes.ts';
import { changeIncident } from '../../workflows/incident/change-incident.ts';
import { mergeIncidents } from '../../workflows/incident/merge-incidents.ts';
import { openIncident } from '../../workflows/incident/open-incident.ts';
import { postUpdate } from '../../workflows/incident/post-update.ts';
import { reopenClosed } from '../../workflows/incident/reopen-closed.ts';
import { pagePeople } from '../../workflows/paging/page-people.ts';
import { readCase } from '../../workflows/record/transact.ts';
import { tellTimeline } from '../../workflows/room/tell-timeline.ts';
import type { DeskParts } from './parts.ts';
import { incidentOf } from './place.ts';
import { isAmong, requireAsPrivate, requireInside } from './private.ts';
import { requireRole } from './roles.ts';

type IncidentDesk = Pick<Desk, 'incident' | 'acknowledge' | 'resolve' | 'keepOpen' | 'close'>;

/** `/incident …` and the buttons of the panel. */
export function incidentDesk(parts: DeskParts): IncidentDesk {
  const allowed = async (caller: Caller, what: string): Promise<void> =>
    requireRole(await parts.roles(), caller.person, ['operator', 'approver'], what);

  const click =
    (what: string, change: IncidentChange) =>
    async (value: string | null, caller: Caller): Promise<null> => {
      await allowed(caller, what);
      const { stream } = await incidentOf(parts.journal, value, caller.channel);
      await changeIncident(parts, { stream, person: caller.person, change });
      return null;
    };

  const acknowledge = async (
    named: string | null,
    caller: Caller,
    what: string,
  ): Promise<CaseState> => {
    const { person, channel } = caller;
    const state = await incidentOf(parts.journal, named, channel).catch(async (error: unknown) => {
      // Which incidents there are is nothing for others.
      await allowed(caller, what);
      throw error;
    });
    // Whoever was called may answer, whatever else they may do.
    if (!wasCalled(state, person)) {
      await allowed(caller, what).catch(async (error: unknown) => {
        // A mention called their user group, of which Slack had not said in time who is in it.
        const people = state.incident?.pages.flatMap((page) => page.people) ?? [];
        if (!(await isAmong(parts.book, people, person.user))) throw error;
      });
    }
    await changeIncident(parts, { stream: state.stream, person, change: { change: 'ack' } });
    return state;
  };

  return {
    async incident(command, caller): Promise<Document | null> {
      if (command.kind === 'ack') {
        return elsewhere(await acknowledge(command.incident, caller, '/incident ack'), caller);
      }
      if (command.kind !== 'help') await allowed(caller, `/incident ${command.kind}`);
      switch (command.kind) {
        case 'help':
          return incidentHelp();
        case 'list': {
          const streams = await parts.journal.open();
          return listIncidents(
            await Promise.all(streams.map((stream) => readCase(parts.journal, stream))),
            { user: caller.person.user, now: parts.clock.now() },
          );
        }
        case 'open':
          return open(parts, command, caller);
        case 'freeze':
          await freezeFixes(parts, { person: caller.person, reason: command.reason });
          return said('All fixes are frozen; the announcement channel is told.');
        case 'unfreeze':
          await unfreezeFixes(parts, { person: caller.person, reason: command.reason });
          return said('Fixes may run again.');
        default: {
          const state = await incidentOf(parts.journal, command.incident, caller.channel);
          return (await about(parts, { command, caller }, state)) ?? elsewhere(state, caller);
        }
      }
    },
    async acknowledge(value, caller) {
      await acknowledge(value, caller, 'incident.ack');
      return null;
    },
    resolve: click('incident.resolve', { change: 'resolve', reason: '' }),
    keepOpen: click('incident.keep', { change: 'keep' }),
    async close(value, caller) {
      await allowed(caller, 'incident.close');
      const { stream } = await incidentOf(parts.journal, value, caller.channel);
      await requestClose(parts, { stream, person: caller.person });
      return null;
    },
  };
}

function wasCalled({ incident }: CaseState, { user }: Caller['person']): boolean {
  return incident?.pages.some(({ called = [] }) => called.includes(user)) ?? false;
}

type About = Exclude<
  IncidentCommand,
  { kind: 'help' | 'list' } | { kind: 'open' } | { kind: 'freeze' | 'unfreeze' }
>;

/** What is said about one incident. */
async function about(
  parts: DeskParts,
  { command, caller }: { readonly command: About; readonly caller: Caller },
  state: CaseState,
): Promise<Document | null> {
  const { person } = caller;
  const { stream } = state;
  switch (command.kind) {
    case 'status':
      await requireInside(parts, state, caller);
      return panelDocument(state);
    case 'timeline':
      await requireInside(parts, state, caller);
      return tellTimeline(parts, state);
    case 'close':
      await requestClose(parts, { stream, person });
      return null;
    case 'update':
      await postUpdate(parts, { ...command, stream, person });
      return null;
    case 'page':
      await pagePeople(parts, { stream, person, people: command.people });
      return null;
    case 'merge': {
      const from = await incidentOf(parts.journal, command.from, caller.channel);
      await requireInside(parts, from, caller);
      requireAsPrivate(from, state);
      await mergeIncidents(parts, { into: stream, from: from.stream, person });
      return said(`The alerts of ${from.stream} go on in ${stream}.`);
    }
    case 'reopen': {
      if (state.incident?.state !== 'closed') break;
      await requireInside(parts, state, caller);
      const opened = await reopenClosed(parts, { state, person, reason: command.reason });
      return said(`Opened ${opened.stream}, which continues ${stream}.`);
    }
    default:
      break;
  }
  await changeIncident(parts, { stream, person, change: changeOf(parts, command, caller) });
  return null;
}

async function open(
  parts: DeskParts,
  command: Extract<IncidentCommand, { kind: 'open' }>,
  caller: Caller,
): Promise<Document> {
  const hosts = command.hosts === null ? [] : resolveTargets(command.hosts, parts.inventory);
  const claim = `channel:${caller.channel}`;
  const taken = command.here ? await parts.journal.owner(claim) : null;
  if (taken !== null) {
    throw new HousecallError(
      'STATE_CONFLICT',
      `/incident open: this channel is the room of incident ${taken} already`,
    );
  }
  // What is said where few people read is announced to nobody else.
  const isPrivate = command.here ? await enter(parts, caller.channel) : command.private;
  const state = await openIncident(parts, {
    actor: { kind: 'person', ...caller.person },
    title: command.title,
    severity: command.severity ?? 'SEV2',
    state: 'active',
    hosts,
    invite: [],
    private: isPrivate,
    ...(command.here ? { adopt: caller.channel } : {}),
    claims: command.here ? [claim] : [],
    diagnose: [],
  });
  return said(
    command.here
      ? `Incident ${state.stream} is open, and this channel is its room.`
      : `Incident ${state.stream} is open; its room is being made and you are invited.`,
  );
}

/**
 * Whether the channel is private. A direct message, or a private channel that Housecall is not in, can be no
 * room: said before one opens.
 */
async function enter({ chat }: DeskParts, channel: string): Promise<boolean> {
  try {
    return (await chat.join(channel)).private;
  } catch (error) {
    if (!(error instanceof HousecallError) || error.retryable) throw error;
    throw new HousecallError(
      'STATE_CONFLICT',
      `/incident open: Housecall cannot enter this channel, so it can be no room (${error.message}); invite it, or leave room=here out`,
      { cause: error },
    );
  }
}

function changeOf(
  parts: DeskParts,
  command: IncidentCommand,
  { person }: Pick<Caller, 'person'>,
): IncidentChange {
  switch (command.kind) {
    case 'ack':
    case 'unack':
      return { change: command.kind };
    case 'severity':
      return { change: 'severity', severity: command.severity };
    case 'role': {
      const user = command.user === 'me' ? person.user : command.user;
      return { change: 'role', role: command.role, user };
    }
    case 'hosts': {
      const hosts = resolveTargets(command.targets, parts.inventory);
      return { change: command.change === 'add' ? 'add-hosts' : 'remove-hosts', hosts };
    }
    case 'mitigate':
    case 'resolve':
    case 'reopen':
      return { change: command.kind, reason: command.reason };
    default:
      throw new HousecallError('USAGE', '/incident: nothing to change');
  }
}

/** The room shows what was done; somebody who asked from another place does not see it. */
function elsewhere({ incident }: CaseState, { channel }: Caller): Document | null {
  const room = incident?.room?.channel ?? channel;
  if (incident === null || room === channel) return null;
  const text = `Done; the room of incident ${incident.id} is told`;
  return {
    summary: text,
    blocks: [{ kind: 'paragraph', content: [text, ': ', { channel: room }] }],
  };
}

function said(text: string): Document {
  return { summary: text, blocks: [{ kind: 'paragraph', content: [text] }] };
}
