import { existsSync } from 'node:fs';
import { createLog } from '../../../src/adapters/telemetry/create-log.ts';
import { catchSignals, fired } from '../../../src/app/catch-signals.ts';
import { poll } from './poll.ts';
import { type Row, runScenario, startIncident } from './run-scenario.ts';
import { loadScenario, loadScenarios } from './scenarios.ts';
import { attach, runningLabs, writeState } from './state.ts';
import { exitStatus, tableText } from './table.ts';

/** Each prints and returns an exit status. */

export async function list(): Promise<number> {
  for (const { name, title } of await loadScenarios()) say(`${name.padEnd(18)} ${title}`);
  return 0;
}

/** In the foreground: hosts, fault, Housecall, alert; then a person plays until Ctrl-C. */
export async function up(name: string): Promise<number> {
  const scenario = await loadScenario(name);
  const problem = scenario.problem?.() ?? null;
  if (problem !== null) throw new Error(`${name} cannot be made here: ${problem}`);
  const { signal } = catchSignals(['SIGINT', 'SIGTERM', 'SIGHUP']);
  say(`${scenario.title}: made for real on this machine; Ctrl-C removes it again.\n`);
  const tell = (line: string): void => say(`  ${line}`);
  const incident = await startIncident(scenario, { log: createLog({ level: 'error' }), say: tell });
  try {
    const { lab, site } = incident;
    const page = site.workspace.pageUrl;
    if (!signal.aborted) await site.postAlert(scenario.alert(lab));
    writeState(lab, { scenario: name, page });
    say(`\nOpen     ${page}\n`);
    for (const line of scenario.tryThis) say(`  ${line}`);
    for (const { name: host } of lab.hosts.values()) say(`  A shell on it:  ${shell(lab, host)}`);
    say(`\nAnother terminal:  npm run lab ${name} status   npm run lab ${name} down`);
    await fired(signal);
    say('\nStopping…');
    return 0;
  } finally {
    await incident.close();
  }
}

/** The running lab's hosts and its fault as it is now; 1: it is not up. */
export async function status(name: string): Promise<number> {
  const scenario = await loadScenario(name);
  const running = runningLabs(name);
  if (running.length === 0) say(`${name} is not up; start it with:  npm run lab ${name}`);
  for (const state of running) {
    say(`${name} is up (process ${state.pid}), page ${state.page}`);
    for (const { name: host, address } of state.hosts) say(`host   ${host} ${address}`);
    for (const line of scenario.status(attach(state))) say(`fault  ${line}`);
  }
  return running.length === 0 ? 1 : 0;
}

/** Ends it and waits until nothing is left of it. */
export async function down(name: string): Promise<number> {
  await loadScenario(name);
  for (const { pid, directory } of runningLabs(name)) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has just ended; its folder goes, too.
    }
    const gone = (): true | null => (existsSync(directory) ? null : true);
    await poll(gone, { what: `the end of ${name} (process ${pid})`, seconds: 60 });
    say(`${name} is down`);
  }
  return 0;
}

/** Every scenario unattended, one after the other, and the table. */
export async function all(): Promise<number> {
  const rows: Row[] = [];
  for (const scenario of await loadScenarios()) {
    say(`\n${scenario.name}: ${scenario.title}`);
    const log = createLog({ level: 'error' });
    rows.push(await runScenario(scenario, { log, say: (line) => say(`  ${line}`) }));
  }
  say(`\n${tableText(rows)}`);
  return exitStatus(rows);
}

function shell(lab: { readonly directory: string }, host: string): string {
  return `sh ${lab.directory}/${host}/enter bash`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
