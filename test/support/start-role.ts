import { catchSignals } from '../../src/app/catch-signals.ts';
import { start } from '../../src/app/start.ts';
import type { Times } from '../../src/app/times.ts';
import { QUICK_TIMES } from './quick-times.ts';

/** `housecall start --role <role>` with short times. Arguments: role, configuration file, other times as JSON. */
const [role = '', configPath = '', other = '{}'] = process.argv.slice(2);
if (role !== 'web' && role !== 'worker') throw new Error(`no role: ${role}`);
// A test run that is killed cannot kill what it has started.
process.stdin.on('end', () => process.exit(1)).resume();
if ('unref' in process.stdin) process.stdin.unref();
const times: Times = { ...QUICK_TIMES, ...(JSON.parse(other) as Partial<Times>) };
process.exitCode = await start({ role, configPath, times, signal: catchSignals().signal });
