import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { describeUnreachable, STAGES } from '../../../src/workflows/run/describe-unreachable.ts';

function failed(context: Record<string, unknown>): ReturnType<typeof describeUnreachable> {
  const message = `ssh host-17 (10.0.0.17:22): ${String(context['detail'])}`;
  const error = new HousecallError('SSH_UNREACHABLE', message, {
    context: { address: '10.0.0.17:22', ...context },
  });
  return describeUnreachable('host-17', error);
}

describe('a host that cannot be reached', () => {
  it.each([
    [
      'name',
      undefined,
      'name not found',
      'The name of host-17 (10.0.0.17:22) does not resolve: name not found',
    ],
    [
      'route',
      undefined,
      'no route to host',
      'There is no way to host-17 (10.0.0.17:22): no route to host',
    ],
    [
      'refused',
      undefined,
      'connection refused',
      'host-17 (10.0.0.17:22) answers, but nothing listens there: sshd is not running (connection refused)',
    ],
    [
      'refused',
      'reset',
      'connection reset',
      'host-17 (10.0.0.17:22) throws the connection away at once: connection reset',
    ],
    [
      'timeout',
      undefined,
      'no answer in 8 s',
      'host-17 (10.0.0.17:22) does not answer: no answer in 8 s; it is down, or packets are dropped on the way',
    ],
    [
      'timeout',
      'stuck',
      'the key exchange did not finish in 8 s',
      'host-17 (10.0.0.17:22) is probably stuck: the key exchange did not finish in 8 s',
    ],
    [
      'banner',
      'silent',
      'connected, but no SSH banner in 8 s',
      'host-17 (10.0.0.17:22) answers TCP but sshd says nothing for 8 s: the host is probably stuck',
    ],
    [
      'banner',
      'silent',
      'connected, but no SSH banner',
      'host-17 (10.0.0.17:22) answers TCP but sshd says nothing: the host is probably stuck',
    ],
    [
      'banner',
      'busy',
      'closed the connection 5 times',
      'host-17 (10.0.0.17:22) turns every SSH connection away: it closed the connection 5 times',
    ],
    [
      'banner',
      undefined,
      'it does not speak SSH',
      'host-17 (10.0.0.17:22) lets no SSH connection come about: it does not speak SSH',
    ],
    [
      'host-key',
      'changed',
      'the host key is A, but B',
      'host-17 (10.0.0.17:22) shows another host key than the one known, so nobody logged in: the host key is A, but B',
    ],
    [
      'host-key',
      'unknown',
      'not in known_hosts',
      'The host key of host-17 (10.0.0.17:22) is not known yet: not in known_hosts',
    ],
    [
      'host-key',
      undefined,
      'it is revoked',
      'The host key of host-17 (10.0.0.17:22) is not trusted: it is revoked',
    ],
    [
      'auth',
      undefined,
      'permission denied for ops',
      'host-17 (10.0.0.17:22) is up but does not let us in: permission denied for ops',
    ],
    [
      'auth',
      'stuck',
      'the login did not finish in 8 s',
      'host-17 (10.0.0.17:22) is probably stuck: the login did not finish in 8 s',
    ],
    [
      'sudo',
      undefined,
      'sudo -n refused',
      'host-17 (10.0.0.17:22) lets us in but not become root: sudo -n refused',
    ],
  ])('at stage %s (%s) says so in one line', (stage, reason, detail, title) => {
    const described = failed({ stage, detail, ...(reason === undefined ? {} : { reason }) });
    expect(described).toMatchObject({ stage, said: detail, title });
    expect(described.detail.split('\n')).toHaveLength(3);
    expect(described.detail).toContain('ssh host-17 (10.0.0.17:22): ');
  });

  it.each([
    ['banner', 'silent', 2],
    ['timeout', 'stuck', 2],
    ['auth', 'stuck', 2],
    ['banner', 'busy', 0],
    ['timeout', undefined, 0],
    ['sudo', undefined, 0],
    ['host-key', 'changed', 0],
  ])('at stage %s (%s) suggests %s looks at its neighbours', (stage, reason, looks) => {
    expect(failed({ stage, reason, detail: 'x' }).next).toHaveLength(looks);
  });

  it('says of the bastion what is about the bastion', () => {
    const described = failed({
      stage: 'banner',
      reason: 'silent',
      bastion: 'outer',
      detail: 'bastion outer: no SSH banner in 8 s',
    });
    expect(described.title).toBe(
      'host-17 was not tried: its bastion outer could not be reached (no SSH banner in 8 s)',
    );
    expect(described.detail).toMatch(/^This is about the bastion outer\.\n/);
    expect(described.next).toEqual([]);
  });

  it('does without what an error does not carry', () => {
    const bare = describeUnreachable('host-17', new HousecallError('SSH_UNREACHABLE', 'ssh: gone'));
    expect(bare).toMatchObject({ stage: 'timeout', said: 'ssh: gone' });
    expect(bare.title).toMatch(/^host-17 does not answer: ssh: gone;/);
    expect(failed({ stage: 'toString', reason: 'constructor', detail: 'x' }).stage).toBe('timeout');
  });

  it('has for every stage what it means and what to do', () => {
    expect(Object.keys(STAGES)).toHaveLength(8);
    for (const text of Object.values(STAGES)) expect(text.split('. ').length).toBeGreaterThan(1);
  });
});
