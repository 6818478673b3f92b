import type { Finding } from '../../../core/finding.ts';
import type { Reading } from '../reading.ts';
import { evidence } from './words.ts';

/** Before 1.13 a load is not synced to the disk before it is declared complete (moby issue 32170). */
const FIXED = { major: 1, minor: 13 };

export function affectedVersion(reading: Reading): Finding[] {
  const version = versionOf(reading);
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (version === null || major === undefined || minor === undefined) return [];
  const [own, part] = [Number(major), Number(minor)];
  if (own > FIXED.major || (own === FIXED.major && part >= FIXED.minor)) return [];
  return [
    {
      code: 'docker.affected-version',
      status: 'warning',
      subject: 'dockerd',
      title: `Docker ${version} loses images when the host goes down during a load (fixed in 1.13)`,
      detail:
        '`docker load` and `docker pull` are not atomic in it (moby issue 32170): after a reset, metadata may be empty, and then it does not start at all.\nUpgrade; until then do not reset a host while it loads images.',
      data: { version, fixedIn: '1.13' },
      evidence: [evidence(['dockerd', '--version'], `Docker version ${version}`)],
      fixes: [],
      next: [],
    },
  ];
}

export function versionOf({ answers, host }: Reading): string | null {
  const said = answers.find(({ what }) => what === 'info')?.info['ServerVersion'];
  return typeof said === 'string' ? said : host.version;
}
