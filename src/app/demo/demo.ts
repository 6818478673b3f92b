import { createLog } from '../../adapters/telemetry/create-log.ts';
import { environmentVariable } from '../../config/environment.ts';
import { untilSignal } from '../until-signal.ts';
import { playStory } from './story.ts';
import { startWorld } from './world.ts';

/** `housecall demo`: runs until Ctrl-C, or, with `script`, until the story has been told. */
export async function demo(options: { alert: boolean; script: boolean }): Promise<number> {
  say('Housecall demo: everything on this machine; Ctrl-C removes it again.\n');
  const world = await startWorld({
    log: createLog({ level: 'error' }),
    say: (line) => say(`  ${line}`),
    ...redisUrl(),
  });
  const stopping = untilSignal();
  try {
    if (options.script) {
      const story = playStory(world, say);
      const end = await Promise.race([story, stopping.then(() => null)]);
      return end === null ? 130 : end;
    }
    if (options.alert) await world.postAlert();
    say(`\nOpen     ${world.workspace.pageUrl}\n`);
    say('Then type  /diag disk host-17  in #general, review the fix as Ada, approve it as Grace.');
    if (!options.alert) {
      say(`Or send an alert:  npm run demo -- --alert  (posts to ${world.alertUrl})`);
    }
    await stopping;
    say('\nStopping…');
    return 0;
  } finally {
    await world.stop();
  }
}

/** A Redis that is there already; else the demo starts its own. */
function redisUrl(): { redisUrl?: string } {
  const url = environmentVariable('REDIS_URL');
  return url === undefined ? {} : { redisUrl: url };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
