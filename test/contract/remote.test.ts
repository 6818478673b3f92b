import { HousecallError } from '../../src/core/errors.ts';
import { createFakeRemote } from '../support/fake-remote.ts';
import { COMMANDS, remoteContract } from './remote.contract.ts';

remoteContract('fake', async () => {
  const remote = createFakeRemote(['here', 'gone']);
  remote.answer('*', { stdout: 'out\n', stderr: 'err\n' }, COMMANDS.SPEAKS);
  remote.answer('*', { stdout: 'before\n', exitCode: 3 }, COMMANDS.FAILS);
  remote.answer('*', { exitCode: null, signal: 'SIGKILL' }, COMMANDS.DIES);
  remote.answer('*', (command) => ({ stdout: command.stdin ?? '' }), COMMANDS.ECHOES);
  remote.answer('*', 'hangs', COMMANDS.HANGS);
  const lines = Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join('');
  remote.answer('*', { stdout: lines }, COMMANDS.CHATTERS);
  remote.answer(
    'gone',
    new HousecallError('SSH_UNREACHABLE', 'ssh gone (10.0.0.9:22): connection refused', {
      context: { host: 'gone', stage: 'refused', detail: 'connection refused' },
    }),
  );
  return {
    remote,
    host: 'here',
    unreachableHost: 'gone',
    unreachableStage: 'refused',
    breakConnection: async () => remote.disconnect('here'),
    close: async () => {},
  };
});
