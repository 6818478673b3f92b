import { createAlertApis } from '../../adapters/alert-apis/create-alert-apis.ts';
import { createMailer } from '../../adapters/mail/create-mailer.ts';
import { createRedis } from '../../adapters/redis/create-redis.ts';
import { checkSlack } from '../../adapters/slack/check-slack.ts';
import { createSsh, type Ssh } from '../../adapters/ssh/create-ssh.ts';
import { appendKnownHost } from '../../adapters/ssh/known-hosts-file.ts';
import { checkReferences } from '../../config/check-references.ts';
import { inventoryOf } from '../../config/inventory.ts';
import { type Config, loadConfig } from '../../config/load-config.ts';
import { HousecallError } from '../../core/errors.ts';
import { diagnostics } from '../../diagnostics/registry.ts';
import { fixes } from '../../fixes/registry.ts';
import { type CheckProbes, check } from './check.ts';
import { checkBucket } from './check-bucket.ts';
import { checkFiles } from './check-files.ts';
import { checkText, errorLine, isBad } from './check-lines.ts';
import { checkMail } from './check-mail.ts';
import { checkSources } from './check-sources.ts';
import { pathOf } from './diag-command.ts';
import { noMetrics, quietLog } from './quiet.ts';
import type { CommandContext } from './run-command.ts';

/** `housecall check` with the real parts: 0 good, 1 bad. */
export async function checkCommand(
  options: { acceptNewHostKeys: boolean },
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  let config: Config;
  try {
    config = loadConfig(pathOf(context));
  } catch (error) {
    terminal.out(checkText([errorLine('configuration', error)], terminal.colours));
    return 1;
  }
  const ssh = createSsh({ inventory: inventoryOf(config), log: quietLog, spares: 0 });
  try {
    const lines = await check(config, probesOf(ssh), { ...options, terminal });
    terminal.out(checkText(lines, terminal.colours));
    return isBad(lines) ? 1 : 0;
  } finally {
    await ssh.close();
  }
}

function probesOf(ssh: Ssh): CheckProbes {
  return {
    references: (config) =>
      checkReferences(config, {
        diagnostics: diagnostics.map(({ id }) => id),
        fixes: fixes.map(({ id }) => id),
      }),
    files: async (config) => [...(await checkFiles(config)), ...(await checkBucket(config))],
    sources: (config) => checkSources(config, createAlertApis(config.alerts.sources)),
    mail: (config) => checkMail(config, createMailer),
    async redis(url) {
      const store = createRedis({ url, log: quietLog });
      try {
        const { problems, warnings } = await store.check();
        return { problems, warnings, summary: 'keeps what it is given' };
      } finally {
        await store.close();
      }
    },
    slack: (config, canvas) => checkSlack({ config, log: quietLog, metrics: noMetrics, canvas }),
    async host(name) {
      const { sudoRefused } = await ssh.check(name);
      return sudoRefused === undefined
        ? null
        : `sudo -n is refused (${sudoRefused})\nAllow it for that user (sudoers: NOPASSWD), or set sudo: false.`;
    },
    async newHostKey(name) {
      const { verdict, type, fingerprint, line, knownHostsFile, detail } =
        await ssh.scanHostKey(name);
      if (verdict === 'trusted') return null;
      if (verdict !== 'unknown') {
        throw new HousecallError('SSH_UNREACHABLE', `ssh ${name}: ${detail}`, {
          context: { host: name, stage: 'host-key', detail },
        });
      }
      return {
        fingerprint: `${type} ${fingerprint}`,
        accept: () => appendKnownHost(knownHostsFile, line),
      };
    },
  };
}
