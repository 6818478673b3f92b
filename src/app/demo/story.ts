import { verifyDirectory } from '../verify-directory.ts';
import { expectOk, playRequest } from './play-fix.ts';
import { fillForm, isPanel, waitForHome, waitForPage, withNames } from './play-people.ts';
import { buttonsOf, textOf } from './read-message.ts';
import { type DemoWorld, PEOPLE } from './world.ts';

type Say = (line: string) => void;

/** What the announcement channel is told at close: where the archive is, and the end of its audit chain. */
const ANCHOR = /archive (\S+) · audit chain head ([0-9a-f]{64})/;

interface Step {
  readonly name: string;
  play(): Promise<string>;
}

const SECONDS = 1_000;

/** A dialog holds whole scripts: the terminal shows how each text begins. */
const LINES = 24;

/**
 * The story that must always work, played without a browser: alert → room → finding → page →
 * stakeholder update → refused self-approval → approval → before/after → archive → verify. Prints the conversation; 1 when a step fails.
 */
export async function playStory(world: DemoWorld, say: Say): Promise<number> {
  for (const [n, step] of steps(world, say).entries()) {
    say(`\n${n + 1}. ${step.name}`);
    try {
      say(`   ✓ ${await step.play()}`);
    } catch (error) {
      say(`   ✗ ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    }
  }
  say('\nThe story is told; everything is being removed.');
  return 0;
}

function steps(world: DemoWorld, say: Say): Step[] {
  const { control } = world.workspace;
  const ada = PEOPLE.ada.id;
  const grace = PEOPLE.grace.id;
  let room = '';
  let review = { ts: '', value: '' };
  let approval = { ts: '' };

  const speak = (who: string, text: string): void => {
    const lines = withNames(control, text)
      .split('\n')
      .filter((part) => part.trim() !== '');
    for (const line of lines.slice(0, LINES)) say(`     ${who.padEnd(10)} ${line}`);
    const more = lines.length - LINES;
    if (more > 0) say(`     ${who.padEnd(10)} … ${more} more lines (the exact scripts)`);
  };
  const message = async (
    what: string,
    matches: (text: string) => boolean,
    seconds = 60,
  ): ReturnType<typeof control.waitForMessage> => {
    const found = await control
      .waitForMessage(room, (m) => matches(textOf(m)), seconds * SECONDS)
      .catch(() => {
        const last = control.messages(room).slice(-3).map(textOf).join('\n---\n');
        throw new Error(`no message with ${what} in ${seconds} s; the last ones are:\n${last}`);
      });
    speak('Housecall', textOf(found));
    return found;
  };

  return [
    {
      name: 'Opsgenie posts an alert',
      async play() {
        await world.postAlert();
        return `answered 2xx by ${world.alertUrl}`;
      },
    },
    {
      name: 'a war room opens',
      async play() {
        const channel = await control.waitFor(
          () => control.channels().find((c) => c.name.startsWith('inc-') && c.topic !== ''),
          30 * SECONDS,
          'the room of the incident',
        );
        room = channel.id;
        await message('the panel', (text) => text.includes('SEV2'));
        const announced = await control.waitForMessage(
          '#incidents',
          (m) => textOf(m).includes('opened'),
          30 * SECONDS,
        );
        speak('#incidents', textOf(announced));
        return `#${channel.name}, topic "${channel.topic}"`;
      },
    },
    {
      name: 'the routed diagnosis finds the fault, before a human arrives',
      async play() {
        const found = await control.waitFor(
          () =>
            control
              .messages(room)
              .map((m) => ({ m, button: reviewButton(m, world.fault.mount) }))
              .find(({ button }) => button !== undefined),
          90 * SECONDS,
          'a finding with a Review fix button',
        );
        speak('Housecall', textOf(found.m));
        review = { ts: found.m.ts, value: found.button?.value ?? '' };
        return `Review fix is offered for ${world.fault.mount}`;
      },
    },
    {
      name: 'nobody acknowledges: Ada is paged, with the finding, and answers there',
      async play() {
        const { channel, page } = await waitForPage(control, ada);
        speak('to Ada', textOf(page));
        expectOk('click', await control.click(ada, channel, page.ts, 'incident.ack'));
        await message('the panel', (text) => text.includes('Acknowledged by') && isPanel(text));
        return 'acknowledged in the direct message; paging has stopped';
      },
    },
    {
      name: 'Ada takes command and tells the stakeholders',
      async play() {
        await fillForm(control, { person: ada, room, action: 'incident.role' }, {});
        await fillForm(
          control,
          { person: ada, room, action: 'incident.update' },
          { text: 'Orders are slow; the cause is found and a fix is under way.', eta: '30m' },
        );
        const announced = await control.waitForMessage(
          '#incidents',
          (m) => textOf(m).includes('Orders are slow'),
          30 * SECONDS,
        );
        speak('#incidents', textOf(announced));
        return 'the next update is promised, and Housecall will remind her of it';
      },
    },
    {
      name: 'Ada reviews the fix',
      async play() {
        const asked = await playRequest(control, {
          person: ada,
          room,
          ...review,
          onForm: (text) => speak('dialog', text),
        });
        speak('Housecall', textOf(asked));
        approval = { ts: asked.ts };
        return 'Ada has requested it; somebody else must approve';
      },
    },
    {
      name: 'Ada tries to approve her own request',
      async play() {
        const before = control.ephemerals(ada, room).length;
        expectOk('click', await control.click(ada, room, approval.ts, 'fix.approve'));
        const refusal = await control.waitFor(
          () => control.ephemerals(ada, room).slice(before).at(-1),
          15 * SECONDS,
          'a refusal only Ada sees',
        );
        speak('only Ada', textOf(refusal));
        return 'refused, nothing ran';
      },
    },
    {
      name: 'Grace sees in her App Home what waits for her, and approves',
      async play() {
        const home = await waitForHome(control, grace, 'waits for you');
        speak('Grace’s home', home);
        expectOk('click', await control.click(grace, room, approval.ts, 'fix.approve'));
        const outcome = await message(
          'the outcome',
          (text) => text.includes('Before:') && text.includes('After:'),
          120,
        );
        if (!textOf(outcome).includes('Fixed:')) throw new Error('the fix did not help');
        return 'the space is back: before and after stand above';
      },
    },
    {
      name: 'Ada resolves and closes the incident',
      async play() {
        expectOk('resolve', await control.slash(ada, room, '/incident', 'resolve log rotated'));
        await message('resolved', (text) => text.includes('resolved this incident'));
        // What was found is looked at once more.
        await message(
          'the panel',
          (text) => isPanel(text) && text.includes('Resolved by') && !text.includes('looking…'),
        );
        expectOk('close', await control.slash(ada, room, '/incident', 'close'));
        await control.waitFor(
          () => control.channel(room)?.isArchived === true,
          60 * SECONDS,
          'the archived channel',
        );
        const closed = await control.waitForMessage(
          '#incidents',
          (m) => textOf(m).includes('closed'),
          30 * SECONDS,
        );
        speak('#incidents', textOf(closed));
        return 'the channel is archived';
      },
    },
    {
      name: 'the archive verifies',
      async play() {
        const announced = control.messages('#incidents').map(textOf).join('\n');
        const [, directory, head] = ANCHOR.exec(announced) ?? [];
        if (directory === undefined) throw new Error('no archive was announced');
        const result = await verifyDirectory(directory, head);
        for (const line of result.lines) say(`     ${line}`);
        if (!result.ok) throw new Error(`verify ${directory}: bad`);
        return `${directory}: verify ok`;
      },
    },
  ];
}

function reviewButton(
  message: Parameters<typeof buttonsOf>[0],
  mount: string,
): { value: string } | undefined {
  return textOf(message).includes(mount)
    ? buttonsOf(message).find((button) => button.action === 'fix.review')
    : undefined;
}
