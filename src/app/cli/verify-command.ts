import { HousecallError } from '../../core/errors.ts';
import { sanitiseLine } from '../../core/sanitise.ts';
import { verifyDirectory } from '../verify-directory.ts';
import type { CommandContext } from './run-command.ts';

/** `housecall verify`: 0 when every hash and the whole audit chain hold, 1 when not. */
export async function verifyCommand(
  { directory, head }: { directory: string; head?: string },
  { terminal }: CommandContext,
): Promise<number> {
  if (head !== undefined && !/^[0-9a-fA-F]{64}$/.test(head)) {
    throw new HousecallError('USAGE', 'verify: --head is 64 hexadecimal digits (SHA-256)');
  }
  const { ok, lines } = await verifyDirectory(directory, head?.toLowerCase());
  for (const line of lines) terminal.out(`${sanitiseLine(line)}\n`);
  terminal.out(ok ? 'good\n' : 'bad\n');
  return ok ? 0 : 1;
}
