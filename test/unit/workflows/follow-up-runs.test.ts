import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Diagnostic, defineDiagnostic } from '../../../src/diagnostics/contract.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import { codeDoc } from '../../support/code-doc.ts';
import { createWarRoom } from '../../support/war-room.ts';

/** Suggests `logs` of what it was told; with others it says which of them printed the same. */
const chatty = (id: string, next: string): Diagnostic =>
  defineDiagnostic({
    id,
    title: id,
    summary: id,
    permissions: 'none',
    params: z.strictObject({ path: z.string().optional().describe('a path') }),
    codes: { [`${id}.said`]: codeDoc('said') },
    probe: () => ({ argv: ['true'], timeoutSeconds: 1, outputLimitBytes: 100 }),
    parse: ({ stdout }): string => stdout,
    coverage: () => ({ privilege: 'root', notes: [] }),
    assess: (said: string) => [
      {
        code: `${id}.said`,
        status: 'warning',
        subject: said,
        title: `${id} said ${said}`,
        detail: '',
        data: {},
        evidence: [],
        fixes: [],
        next: [{ diagnostic: next, params: { path: '/var/log/a' } }],
      },
    ],
  });

function roomWith(depth: number): ReturnType<typeof createWarRoom> {
  const room = createWarRoom();
  room.deps.diagnostic = (id: string) => chatty(id, id === 'logs' ? 'ports' : 'logs');
  room.deps.followDepth = depth;
  return room;
}

async function runsOf(room: ReturnType<typeof createWarRoom>): Promise<readonly string[]> {
  await room.opsgenie('Create');
  await room.settle();
  const state = await readCase(room.store.journal, '20261120-1');
  return [...state.runs.values()].map(
    (run) => `${run.diagnostic} ${run.reason} ${run.after?.why ?? '-'} ${run.finished?.status}`,
  );
}

describe('a routed diagnosis', () => {
  it('is followed by what it suggests, and that by what that suggests', async () => {
    expect(await runsOf(roomWith(2))).toEqual([
      'echo route - warning',
      'logs chain echo.said on host-17 warning',
      'ports chain logs.said on host-17 warning',
    ]);
  });

  it('is followed by nothing where the configuration says so', async () => {
    expect(await runsOf(roomWith(0))).toEqual(['echo route - warning']);
  });

  it('says in the thread of the panel why it looked further', async () => {
    const room = roomWith(1);
    await runsOf(room);
    expect(JSON.stringify([...room.chat.rooms.values()].map(({ messages }) => messages))).toContain(
      'because of echo.said on host-17',
    );
  });
});
