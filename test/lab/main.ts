import { all, down, list, status, up } from './frame/commands.ts';
import { labProblem } from './host/lab.ts';

const USAGE = `npm run lab <scenario> [up|status|down]   make an incident for real and play with it
npm run lab list                          scenarios
npm run lab all                           each unattended, from the alert to the verified fix`;

async function run([first = '', verb = 'up', ...rest]: readonly string[]): Promise<number> {
  if (first === 'list') return await list();
  const verbs = { up, status, down };
  if (first === '' || first.startsWith('-') || rest.length > 0 || !(verb in verbs)) {
    process.stderr.write(`${USAGE}\n`);
    return 64;
  }
  const problem = await labProblem();
  if (problem !== null) throw new Error(problem);
  return first === 'all' ? await all() : await verbs[verb as keyof typeof verbs](first);
}

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
