import { createSsh } from '../../adapters/ssh/create-ssh.ts';
import { loadConfig } from '../../config/load-config.ts';
import { diagnostics } from '../../diagnostics/registry.ts';
import { fixes } from '../../fixes/registry.ts';
import { systemClock } from '../system-clock.ts';
import { type DiagOptions, diag } from './diag.ts';
import { quietLog } from './quiet.ts';
import type { CommandContext } from './run-command.ts';

/** `housecall diag` with the real parts. */
export async function diagCommand(options: DiagOptions, context: CommandContext): Promise<number> {
  return diag(options, {
    config: () => loadConfig(pathOf(context)),
    diagnostics,
    fixes,
    openRemote: async (inventory) => {
      const ssh = createSsh({ inventory, log: quietLog, spares: 0 });
      return { reader: ssh, close: () => ssh.close() };
    },
    clock: systemClock,
    terminal: context.terminal,
    signal: context.signal,
  });
}

/** `--config`, in the words of `loadConfig`. */
export function pathOf({ configPath }: CommandContext): { path?: string } {
  const path = configPath.configPath;
  return path === undefined ? {} : { path };
}
