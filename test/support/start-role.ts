import { start } from '../../src/app/start.ts';
import { QUICK_TIMES } from './quick-times.ts';

/** `housecall start --role <role>` with short times. Arguments: role, configuration file, grace in seconds. */
const [role = '', configPath = '', graceSeconds = '20'] = process.argv.slice(2);
if (role !== 'web' && role !== 'worker') throw new Error(`no role: ${role}`);
const times = { ...QUICK_TIMES, graceSeconds: Number(graceSeconds) };
process.exitCode = await start({ role, configPath, times });
