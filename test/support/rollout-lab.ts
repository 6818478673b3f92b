import type { Finding, HostReport } from '../../src/core/finding.ts';
import { approveRollout } from '../../src/workflows/fix/decide-rollout.ts';
import { planFix } from '../../src/workflows/fix/plan-fix.ts';
import { requestRollout } from '../../src/workflows/fix/request-rollout.ts';
import { reviewRollout } from '../../src/workflows/fix/review-rollout.ts';
import { readCase } from '../../src/workflows/record/transact.ts';
import { createFixLab, STREAM, WHO } from './fix-lab.ts';
import { createSampleHost, type SampleHost } from './sample-host.ts';

const signal = new AbortController().signal;

/** An incident whose run offers the sample fix on these many hosts, `web-1` the worst. */
export async function createRolloutLab(count: number) {
  const lab = await createFixLab();
  const names = Array.from({ length: count }, (_, n) => `web-${n + 1}`);
  const hosts = new Map<string, SampleHost>(
    names.map((name) => [name, createSampleHost({ inode: name, bytes: 1000, room: true })]),
  );
  const of = (name: string): SampleHost => {
    const host = hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  };
  const sample = lab.deps.inventory.get('host-17');
  if (sample === undefined) throw new Error('no sample host');
  lab.deps.inventory = new Map(names.map((name) => [name, { ...sample, name }]));
  lab.deps.remote = { read: (name, probe, options) => of(name).read(name, probe, options) };
  lab.deps.writer = { change: (name, step, options) => of(name).change(name, step, options) };
  await lab.record({ kind: 'person', ...WHO.runner }, [
    {
      type: 'run.started',
      run: 'run2',
      diagnostic: 'ports',
      params: {},
      hosts: names,
      lane: `room:${STREAM}`,
      thread: 'panel',
      reason: 'command',
    },
  ]);
  await lab.record({ kind: 'housecall' }, [
    {
      type: 'run.finished',
      run: 'run2',
      status: 'critical',
      durationMs: 1,
      reports: names.map(report),
    },
  ]);

  /** Runs what is queued for hosts, in order, until nothing is. */
  const work = async (): Promise<void> => {
    for (let done = 0; ; ) {
      const rows = lab.store.jobs.filter(({ job }) => job.kind === 'execute-fix');
      const job = rows[done++]?.job;
      if (job?.kind !== 'execute-fix') return;
      await lab.execute(job.fix);
    }
  };
  const plan = async (view = 'V1'): Promise<string> => {
    const value = { stream: STREAM, run: 'run2', module: 'sample' };
    const rollout = await reviewRollout(lab.deps, { value, person: WHO.requester, view });
    for (const { id, rollout: place } of (
      await readCase(lab.store.journal, STREAM)
    ).fixes.values()) {
      if (place?.id !== rollout) continue;
      await planFix(lab.deps, { stream: STREAM, fix: id }, { signal, lastTry: true });
    }
    return rollout;
  };
  /** What the dialog carries back when it is submitted. */
  const decision = () => {
    const form = lab.said('form:V1').at(-1);
    if (form?.op !== 'form.update') throw new Error('no form');
    const [stream = '', fix = '', digest = ''] = form.form.metadata.split(' ');
    return { stream, fix, digest };
  };
  const requested = async () => {
    await plan();
    const value = decision();
    await requestRollout(lab.deps, { value, person: WHO.requester });
    return value;
  };
  return {
    ...lab,
    host: of,
    names,
    work,
    plan,
    decision,
    requested,
    approved: async () => {
      const value = await requested();
      await approveRollout(lab.deps, { value, person: WHO.approver });
      return value;
    },
    /** `web-1 verified`, in the order of the rollout. */
    standing: async (): Promise<readonly string[]> =>
      [...(await readCase(lab.store.journal, STREAM)).fixes.values()].map(
        ({ host, status, result }) => `${host} ${result?.outcome ?? status}`,
      ),
  };
}

function report(host: string): HostReport {
  const finding: Finding = {
    code: 'ports.ephemeral-exhausted',
    status: 'critical',
    subject: host,
    title: 'no port is left',
    detail: '',
    data: {},
    evidence: [],
    fixes: [{ fix: 'sample', params: { inode: host } }],
    next: [],
  };
  return {
    host,
    status: 'critical',
    durationMs: 1,
    coverage: { privilege: 'root', notes: [] },
    findings: [finding],
  };
}
