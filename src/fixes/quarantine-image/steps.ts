import { CLAIM_SCRIPT } from '../../core/approval/claim.ts';
import { type Argv, shellQuote } from '../../core/command.ts';
import type { Step } from '../../core/plan.ts';
import { readScript } from '../contract.ts';
import { type Found, quarantine } from './found.ts';

const CHANGE =
  CLAIM_SCRIPT +
  readScript(new URL('./store.sh', import.meta.url)) +
  readScript(new URL('./change.sh', import.meta.url));

/** What every step checks again: the host, the data root, the daemon and who keeps it. */
function argv(verb: string, found: Found, rest: readonly string[]): Argv {
  const { state, store, context, claim } = found;
  const { daemon, manager } = state;
  return [
    ...(['sh', '-s', '--', verb, claim, context.fix, state.bootId] as const),
    store.root,
    store.place,
    store.driver,
    manager.kind,
    manager.unit,
    manager.socket ? 'socket' : '-',
    // After the first step another daemon runs: the later steps look at the mark instead.
    verb === 'quarantine' && daemon !== null ? daemon.pid : '-',
    verb === 'quarantine' && daemon !== null ? daemon.startTime : '-',
    ...rest,
  ];
}

export function quarantineStep(found: Found): Step {
  const { store, damage } = found;
  return {
    id: 'quarantine',
    argv: argv('quarantine', found, [
      ...damage.layers.flatMap(({ id, state }) => ['layer', id, `${state}${content(found, id)}`]),
      ...damage.images.flatMap(({ id, state, metadata }) => [
        metadata ? 'image' : 'config',
        id,
        state,
      ]),
    ]),
    stdin: CHANGE,
    equivalent: [
      stop(found),
      `mv ${store.root}/image/${store.driver}/{layerdb/sha256,imagedb/content/sha256,imagedb/metadata/sha256}/… ${quarantine(found)}/`,
      start(found),
    ].join('; '),
    why: 'Docker would refuse to load the image again while these entries are there. They are renamed on the same file system, with a list of what came from where. If docker does not start without them, they are put back and docker is started again.',
    undo: `stop docker, move everything back as ${quarantine(found)}/manifest says, start docker`,
    timeoutSeconds: 900,
  };
}

/** A layer whose files are there and empty has no other sign: its bytes are counted again. */
function content({ store, damage }: Found, id: string): string {
  const bytes = store.content[id];
  const short = damage.reasons.some(
    (why) => why.includes(`layer ${id.slice(0, 12)}: `) && why.includes('content-short'),
  );
  return short && bytes !== undefined ? `|${bytes}` : '';
}

export function reloadStep(found: Found): Step {
  const { reload, context } = found;
  const place = `${context.saveDirectory}/images`;
  return {
    id: 'reload',
    argv: argv('reload', found, [
      place,
      ...reload.archives.flatMap(({ file, state }) => [file, state]),
    ]),
    stdin: CHANGE,
    equivalent: reload.archives
      .map(({ file }) => `docker load -i ${shellQuote(`${place}/${file}`)}`)
      .join('; '),
    why: 'Brings the image back from its archive.',
    undo: null,
    timeoutSeconds: 3600,
  };
}

export function restartStep(found: Found): Step {
  return {
    id: 'restart',
    argv: argv('restart', found, []),
    stdin: CHANGE,
    equivalent: `${stop(found)}; ${start(found)}`,
    why: 'Docker reads containers only when it starts: those on the image are seen again after this.',
    undo: null,
    timeoutSeconds: 600,
  };
}

function stop({ state: { manager } }: Found): string {
  if (manager.kind === 'systemd') {
    return `systemctl stop ${manager.socket ? 'docker.socket ' : ''}${manager.unit}`;
  }
  return manager.kind === 'runit' ? `sv down ${manager.unit}` : 'service docker stop';
}

function start({ state: { manager } }: Found): string {
  if (manager.kind === 'systemd') {
    return `systemctl start ${manager.socket ? 'docker.socket ' : ''}${manager.unit}`;
  }
  return manager.kind === 'runit' ? `sv up ${manager.unit}` : 'service docker start';
}
