import type { Caller, Desk } from '../../adapters/slack/desk.ts';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { resolveTargets } from '../../core/fleet/targets.ts';
import { listIncidents } from '../../core/incident/list-document.ts';
import { panelDocument } from '../../core/incident/panel-document.ts';
import type { Person } from '../../core/person.ts';
import { incidentHelp } from '../../core/slash/help.ts';
import type { IncidentCommand } from '../../core/slash/incident.ts';
import { changeIncident, type IncidentChange } from '../../workflows/change-incident.ts';
import { requestClose } from '../../workflows/close-incident.ts';
import { freezeFixes, unfreezeFixes } from '../../workflows/freeze-fixes.ts';
import { openIncident } from '../../workflows/open-incident.ts';
import { reopenClosed } from '../../workflows/reopen-closed.ts';
import { readCase } from '../../workflows/transact.ts';
import type { DeskParts } from './parts.ts';
import { incidentOf } from './place.ts';
import { requireRole } from './roles.ts';

type IncidentDesk = Pick<Desk, 'incident' | 'acknowledge' | 'resolve'>;

/** `/incident …` and the buttons of the panel. */
export function incidentDesk(parts: DeskParts): IncidentDesk {
  const change = async (stream: string, person: Person, wanted: IncidentChange): Promise<null> => {
    await changeIncident(parts, { stream, person, change: wanted });
    return null;
  };
  const allowed = async (caller: Caller, what: string): Promise<void> =>
    requireRole(await parts.roles(), caller.person, ['operator', 'approver'], what);

  return {
    async incident(command, caller): Promise<Document | null> {
      if (command.kind !== 'help') await allowed(caller, `/incident ${command.kind}`);
      switch (command.kind) {
        case 'help':
          return incidentHelp();
        case 'list': {
          const streams = await parts.journal.open();
          return listIncidents(
            await Promise.all(streams.map((stream) => readCase(parts.journal, stream))),
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
          if (command.kind === 'status') return panelDocument(state);
          if (command.kind === 'close') {
            await requestClose(parts, { stream: state.stream, person: caller.person });
            return null;
          }
          if (command.kind === 'reopen' && state.incident?.state === 'closed') {
            const opened = await reopenClosed(parts, { state, ...caller, reason: command.reason });
            return said(`Opened ${opened.stream}, which continues ${state.stream}.`);
          }
          return change(state.stream, caller.person, changeOf(parts, command));
        }
      }
    },
    async acknowledge(value, caller) {
      await allowed(caller, 'incident.ack');
      const state = await incidentOf(parts.journal, value, caller.channel);
      return change(state.stream, caller.person, { change: 'ack' });
    },
    async resolve(value, caller) {
      await allowed(caller, 'incident.resolve');
      const state = await incidentOf(parts.journal, value, caller.channel);
      return change(state.stream, caller.person, { change: 'resolve', reason: '' });
    },
  };
}

async function open(
  parts: DeskParts,
  command: Extract<IncidentCommand, { kind: 'open' }>,
  caller: Caller,
): Promise<Document> {
  const hosts = command.hosts === null ? [] : resolveTargets(command.hosts, parts.inventory);
  const state = await openIncident(parts, {
    actor: { kind: 'person', ...caller.person },
    title: command.title,
    severity: command.severity ?? 'SEV2',
    state: 'active',
    hosts,
    invite: [],
    claims: [],
    diagnose: [],
  });
  return said(`Incident ${state.stream} is open; its room is being made and you are invited.`);
}

function changeOf(parts: DeskParts, command: IncidentCommand): IncidentChange {
  switch (command.kind) {
    case 'ack':
      return { change: 'ack' };
    case 'severity':
      return { change: 'severity', severity: command.severity };
    case 'hosts': {
      const hosts = resolveTargets(command.targets, parts.inventory);
      return { change: command.change === 'add' ? 'add-hosts' : 'remove-hosts', hosts };
    }
    case 'resolve':
    case 'reopen':
      return { change: command.kind, reason: command.reason };
    default:
      throw new HousecallError('USAGE', '/incident: nothing to change');
  }
}

function said(text: string): Document {
  return { summary: text, blocks: [{ kind: 'paragraph', content: [text] }] };
}
