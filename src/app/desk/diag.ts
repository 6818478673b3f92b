import type { Caller, Desk } from '../../adapters/slack/desk.ts';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { peersOf } from '../../core/fleet/peers.ts';
import { resolveTargets } from '../../core/fleet/targets.ts';
import type { CaseState } from '../../core/incident/case.ts';
import { decodeNextValue } from '../../core/run/next-value.ts';
import { diagHelp } from '../../core/slash/help.ts';
import {
  findDiagnostic,
  listDiagnostics,
  listHosts,
} from '../../workflows/catalog/describe-catalog.ts';
import { help } from '../../workflows/catalog/help.ts';
import { readCase } from '../../workflows/record/transact.ts';
import { cancelRun } from '../../workflows/run/cancel-run.ts';
import { MAX_PEERS } from '../../workflows/run/follow-up-runs.ts';
import { startRun } from '../../workflows/run/start-run.ts';
import type { DeskParts } from './parts.ts';
import { type Place, placeOf } from './place.ts';
import { requireRole } from './roles.ts';

type DiagDesk = Pick<Desk, 'diag' | 'cancelRun' | 'nextRun'>;

/** `/diag …` and the buttons under a run. */
export function diagDesk(parts: DeskParts): DiagDesk {
  const allowed = async (caller: Caller, what: string): Promise<void> =>
    requireRole(await parts.roles(), caller.person, ['operator', 'approver'], what);

  const run = async (
    wanted: {
      diagnostic: string;
      params: Readonly<Record<string, unknown>>;
      hosts: readonly string[];
      reason: 'command' | 'next';
    },
    caller: Caller,
    place: Place,
  ): Promise<null> => {
    const id = parts.clock.id();
    await startRun(parts, {
      stream: place.incident?.stream ?? `run-${id}`,
      actor: { kind: 'person', ...caller.person },
      diagnostic: findDiagnostic(parts.diagnostics, wanted.diagnostic),
      request: {
        run: id,
        params: wanted.params,
        hosts: wanted.hosts,
        lane: place.lane,
        reason: wanted.reason,
      },
    });
    return null;
  };

  return {
    async diag(command, caller): Promise<Document | null> {
      switch (command.kind) {
        case 'help':
          return command.diagnostic === null ? diagHelp() : help(parts, command.diagnostic);
        case 'list':
          await allowed(caller, '/diag list');
          return listDiagnostics(parts.diagnostics);
        case 'hosts':
          await allowed(caller, '/diag hosts');
          return listHosts(parts.inventory, command.filter ?? '');
        case 'run': {
          await allowed(caller, `/diag ${command.diagnostic}`);
          const place = await placeOf(parts.journal, caller.channel);
          const hosts =
            command.targets === null
              ? hostsOfIncident(place.incident)
              : resolveTargets(command.targets, parts.inventory);
          return run({ ...command, hosts, reason: 'command' }, caller, place);
        }
      }
    },
    async cancelRun(value, caller) {
      await allowed(caller, 'run.cancel');
      const [stream = '', id = ''] = value.split(' ');
      await cancelRun(parts, { stream, run: id, person: caller.person });
      return null;
    },
    async nextRun(value, caller) {
      await allowed(caller, 'next.run');
      const next = decodeNextValue(value);
      const state = await readCase(parts.journal, next.stream);
      const report = state.runs
        .get(next.run)
        ?.finished?.reports.find((found) => found.host === next.host);
      const step = report?.findings[next.finding]?.next[next.next];
      if (step === undefined) {
        throw new HousecallError('NOT_FOUND', `run ${next.run}: this suggestion is gone`);
      }
      const place = await placeOf(parts.journal, caller.channel);
      const hosts =
        step.scope === 'group' ? peersOf(next.host, parts.inventory, MAX_PEERS) : [next.host];
      return run({ ...step, hosts, reason: 'next' }, caller, place);
    },
  };
}

function hostsOfIncident(state: CaseState | null): readonly string[] {
  const hosts = state?.incident?.hosts ?? [];
  if (hosts.length > 0) return hosts;
  throw new HousecallError(
    'USAGE',
    state === null
      ? '/diag: on which hosts? For example: /diag disk host-17'
      : '/diag: this incident has no hosts yet; name them, or /incident hosts add <host>',
  );
}
