import { createFakeMailer } from '../support/fake-mailer.ts';
import { mailerContract } from './mailer.contract.ts';

mailerContract('the fake', async () => {
  const mailer = createFakeMailer();
  return {
    mailer,
    arrived: () => mailer.sent.map(({ subject, to }) => ({ subject, to })),
    refuse: (address) => mailer.refuse(address),
    fail: () => mailer.fail(),
  };
});
