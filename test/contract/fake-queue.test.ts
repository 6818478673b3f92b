import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeQueue } from '../support/fake-queue.ts';
import { jobQueueContract } from './job-queue.contract.ts';

jobQueueContract('fake', async () => {
  const clock = createFakeClock();
  const queue = createFakeQueue(clock);
  return {
    queue,
    pass: async (ms) => {
      clock.advance(ms);
      await queue.settle();
    },
    quiet: () => queue.settle(),
    close: () => queue.close(0),
  };
});
