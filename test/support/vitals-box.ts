import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterEach, expect } from 'vitest';
import type { CommandResult } from '../../src/core/command.ts';
import type { Coverage, Finding } from '../../src/core/finding.ts';
import { vitals } from '../../src/diagnostics/vitals/index.ts';
import { type Box, createBox, type ProbeOptions } from './box.ts';
import { FIXTURE_NONCE } from './diagnostic-fixture.ts';

interface Look {
  readonly result: CommandResult;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
  /** The finding of this code that fits: the machine has a state of its own, and tests next door. */
  readonly get: (code: string, fits?: (one: Finding) => boolean) => Finding;
  readonly find: (code: string, fits?: (one: Finding) => boolean) => Finding | undefined;
}

/** Runs `vitals` in the box and judges it. */
export function look(
  box: Box,
  options: ProbeOptions = {},
  facts: Partial<CommandResult> = {},
): Look {
  const bound = vitals.bind({}, FIXTURE_NONCE);
  const startedAt = new Date().toISOString();
  const result = { ...box.probe(bound.probe, options), startedAt, ...facts };
  expect(result.stderr).toBe('');
  const { coverage, findings } = bound.judge(result);
  const find: Look['find'] = (code, fits = () => true) =>
    findings.find((one) => one.code === `vitals.${code}` && fits(one));
  return {
    result,
    coverage,
    findings,
    find,
    get(code, fits) {
      const found = find(code, fits);
      if (found === undefined) {
        throw new Error(
          `no ${code} among ${findings.map((one) => `${one.code}: ${one.title}`).join('\n')}`,
        );
      }
      return found;
    },
  };
}

const open: Box[] = [];
const groups: string[] = [];

afterEach(() => {
  for (const box of open.splice(0)) {
    for (const group of groups) {
      // Frozen and stopped processes too; then the group can go.
      box.run(`
        [ -e ${group}/freezer.state ] && echo THAWED >${group}/freezer.state || :
        [ -e ${group}/memory.oom_control ] && echo 0 >${group}/memory.oom_control || :
        while read -r pid; do kill -KILL "$pid" || :; done <${group}/cgroup.procs
        for try in $(seq 50); do rmdir ${group} 2>/dev/null && break; sleep 0.1; done
        rmdir $(dirname ${group}) 2>/dev/null || :`);
    }
    groups.length = 0;
    box.close();
  }
});

export async function vitalsBox(): Promise<Box> {
  const box = await createBox();
  open.push(box);
  box.run('mount -t tmpfs tmpfs /srv && mkdir /srv/d && chmod 755 /srv');
  return box;
}

/** The id of a container that does not exist. */
export const CONTAINER = `c0ffee${'0123456789abcdef'.repeat(3)}${randomBytes(5).toString('hex')}`;

/** Why this machine has no control groups of the first version with this controller, printed; null: it has. */
export function groupProblem(controller: string): string | null {
  if (existsSync(`/sys/fs/cgroup/${controller}/cgroup.procs`)) return null;
  const problem = `no control groups v1 with the controller ${controller} here`;
  console.warn(`vitals: skipped, ${problem}`);
  return problem;
}

/** A control group as docker makes it; it goes with the box. */
export function containerGroup(box: Box, controller: string): string {
  const group = `/sys/fs/cgroup/${controller}/housecall-${randomBytes(4).toString('hex')}/${CONTAINER}`;
  box.run(`mkdir -p ${group}`);
  groups.push(group);
  return group;
}

/** A program of the box that prints this instead. */
export function standIn(box: Box, program: string, script: string): void {
  const file = `${box.directory}/${program.replaceAll('/', '_')}`;
  box.run(
    `printf '%s' ${quoted(`#!/bin/sh\n${script}\n`)} >${file}; chmod 755 ${file}; mount --bind ${file} ${program}`,
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
