import { createLog } from '../../adapters/telemetry/create-log.ts';
import { environmentVariable } from '../../config/environment.ts';
import { catchSignals, fired } from '../catch-signals.ts';
import { EXIT_INTERRUPTED } from '../cli/exit-code.ts';
import { playStory } from './story.ts';
import { type DemoWorld, startWorld } from './world.ts';

interface DemoOptions {
  readonly alert: boolean;
  readonly script: boolean;
}

/** The story is told in seconds: its minutes last just long enough for a first finding. */
const SCRIPT_MINUTE_MS = 4_000;

/** `housecall demo`: runs until Ctrl-C, or, with `script`, until the story has been told. */
export async function demo(options: DemoOptions, interrupted: AbortSignal): Promise<number> {
  // A terminal that is closed must leave nothing behind either.
  const hangUp = catchSignals(['SIGHUP']);
  const signal = AbortSignal.any([interrupted, hangUp.signal]);
  say('Housecall demo: everything on this machine; Ctrl-C removes it again.\n');
  try {
    const world = await startWorld({
      log: createLog({ level: 'error' }),
      say: (line) => say(`  ${line}`),
      signal,
      ...(options.script ? { minuteMs: SCRIPT_MINUTE_MS } : {}),
      ...redisUrl(),
    });
    try {
      return await show(world, options, signal);
    } finally {
      await world.stop();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT_INTERRUPTED;
  } finally {
    hangUp.release();
  }
}

async function show(world: DemoWorld, options: DemoOptions, signal: AbortSignal): Promise<number> {
  if (options.script) {
    const stopped = fired(signal).then(() => EXIT_INTERRUPTED);
    return Promise.race([playStory(world, say), stopped]);
  }
  if (options.alert) await world.postAlert();
  say(`\nOpen     ${world.workspace.pageUrl}\n`);
  say('Then type  /diag disk host-17  in #general, review the fix as Ada, approve it as Grace.');
  say('The app’s home page shows what waits for whom you act as.');
  say(
    options.alert
      ? 'Nobody acknowledges for a minute: then Ada is paged in a direct message.'
      : 'To see what an alert does, start it with:  npm run demo -- --alert',
  );
  await fired(signal);
  say('\nStopping…');
  return 0;
}

/** A Redis that is there already; else the demo starts its own. */
function redisUrl(): { redisUrl?: string } {
  const url = environmentVariable('REDIS_URL');
  return url === undefined ? {} : { redisUrl: url };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
