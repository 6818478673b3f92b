import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Document } from '../../../src/core/document/document.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

const MANIFEST = parse(readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8')) as {
  readonly settings: { readonly event_subscriptions: { readonly bot_events: string[] } };
  readonly features: { readonly app_home: Readonly<Record<string, boolean>> };
};

const home = (text: string): Document => ({
  summary: text,
  blocks: [
    { kind: 'paragraph', content: [text] },
    {
      kind: 'actions',
      actions: [{ action: 'incident.ack', label: 'Acknowledge', value: '20261120-7' }],
    },
  ],
});

describe.each(['socket', 'http'] as const)('the App Home, over %s', (over) => {
  let site: SlackSite;

  beforeAll(async () => {
    // As subscribed in the manifest: the workspace sends nothing else.
    const { bot_events: botEvents } = MANIFEST.settings.event_subscriptions;
    site = await startSlackSite({ over, workspace: { botEvents } });
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    site.desk.calls.length = 0;
    site.desk.on('home', async () => home('one open incident'));
    site.desk.on('acknowledge', async () => null);
  });

  const shown = (user: string) => JSON.stringify(site.workspace.control.home(user)?.['blocks']);
  const look = async (user: string, needle: string) => {
    site.workspace.control.openHome(user);
    await expect.poll(() => shown(user)).toContain(needle);
  };
  const click = () => {
    const { control } = site.workspace;
    const view = String(control.home(PEOPLE.ada)?.['id']);
    return control.clickInView(PEOPLE.ada, view, { actionId: 'incident.ack' });
  };

  it('has its tab and its messages tab in the manifest', () => {
    expect(MANIFEST.features.app_home).toMatchObject({
      home_tab_enabled: true,
      messages_tab_enabled: true,
    });
  });

  it('is made for the person who opens it, anew each time', async () => {
    await look(PEOPLE.ada, 'one open incident');
    expect(site.desk.calls).toMatchObject([
      { verb: 'home', caller: { person: { team: site.workspace.teamId, user: PEOPLE.ada } } },
    ]);
    expect(site.workspace.control.home(PEOPLE.grace)).toBeNull();
    site.desk.on('home', async () => home('nothing is open'));
    await look(PEOPLE.ada, 'nothing is open');
  });

  it('tells a guest why there is nothing, and asks the desk nothing', async () => {
    await look(PEOPLE.guest, 'guests may not use Housecall');
    expect(site.desk.calls).toEqual([]);
  });

  it('a click there reaches the desk, and the page shows what is so afterwards', async () => {
    await look(PEOPLE.ada, 'one open incident');
    site.desk.on('home', async () => home('acknowledged by you'));
    expect(await click()).toMatchObject({ ok: true });
    await expect.poll(() => shown(PEOPLE.ada)).toContain('acknowledged by you');
    expect(site.desk.calls).toContainEqual(
      expect.objectContaining({ verb: 'acknowledge', request: '20261120-7' }),
    );
  });

  it('a click that was refused is explained above the page', async () => {
    await look(PEOPLE.ada, 'one open incident');
    site.desk.on('acknowledge', async () => {
      throw new HousecallError('STATE_CONFLICT', 'it is already acknowledged');
    });
    await click();
    await expect.poll(() => shown(PEOPLE.ada)).toContain('it is already acknowledged');
    expect(shown(PEOPLE.ada).indexOf('already')).toBeLessThan(
      shown(PEOPLE.ada).indexOf('one open'),
    );
  });

  it('the page that cannot be made says so, with a reference to the log', async () => {
    site.desk.on('home', async () => {
      throw new HousecallError('STORE_UNAVAILABLE', 'redis: no answer in 5 s');
    });
    site.workspace.control.openHome(PEOPLE.grace);
    await expect.poll(() => shown(PEOPLE.grace) ?? '').toContain('no answer in 5 s');
  });
});
