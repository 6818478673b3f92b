import type { Journal } from '../../src/ports/journal.ts';

type Runner = (journal: Journal) => Promise<void>;

/** `null`: it went through; else what it threw. */
export type Outcome = unknown;

interface Turn {
  readonly runner: number;
  readonly go: () => void;
}

/** At this step not the one that was at work goes on, but this one of those that wait. */
interface Switch {
  readonly step: number;
  readonly pick: number;
}

/**
 * Runs them side by side on one journal, each as a process of its own, one journal operation at a time:
 * whoever was at work goes on until it ends, but for the switches. Says how many could have gone on at each step.
 */
async function runOnce(
  journal: Journal,
  runners: readonly Runner[],
  switches: readonly Switch[],
): Promise<{ readonly outcomes: readonly Outcome[]; readonly choices: readonly number[] }> {
  const waiting = new Map<number, Turn>();
  const outcomes: Outcome[] = runners.map(() => undefined);
  const choices: number[] = [];
  let wake = (): void => {};
  const gated = (runner: number): Journal => {
    const turn = (): Promise<void> =>
      new Promise((go) => {
        waiting.set(runner, { runner, go });
        wake();
      });
    return {
      ...journal,
      read: async (...given) => turn().then(() => journal.read(...given)),
      commit: async (...given) => turn().then(() => journal.commit(...given)),
      owner: async (...given) => turn().then(() => journal.owner(...given)),
    };
  };
  let going = runners.length;
  const finish = async (n: number, run: Runner): Promise<void> => {
    try {
      await run(gated(n));
      outcomes[n] = null;
    } catch (error) {
      outcomes[n] = error;
    }
    going -= 1;
    wake();
  };
  const finished = Promise.all(runners.map((run, n) => finish(n, run)));
  let current = 0;
  for (let step = 0; going > 0; step++) {
    while (waiting.size < going) await new Promise<void>((resolve) => void (wake = resolve));
    if (going === 0) break;
    const others = [...waiting.values()].filter(({ runner }) => runner !== current);
    const order = [...[waiting.get(current) ?? []].flat(), ...others];
    choices.push(order.length);
    const pick = switches.find((one) => one.step === step)?.pick ?? 0;
    const turn = order[pick] ?? order[0];
    if (turn === undefined) throw new Error('nobody can go on');
    current = turn.runner;
    waiting.delete(turn.runner);
    turn.go();
  }
  await finished;
  return { outcomes, choices };
}

/**
 * Ways to run them side by side with up to so many switches: all of them, or each `every`th of those with
 * the most switches. `check` looks at what became of each.
 */
export async function everyInterleaving<World extends { readonly journal: Journal }>(story: {
  readonly world: () => Promise<World>;
  readonly runners: (world: World) => readonly Runner[];
  readonly switches: number;
  readonly every?: number;
  readonly check: (world: World, outcomes: readonly Outcome[]) => Promise<void>;
}): Promise<void> {
  const left: (readonly Switch[])[] = [[]];
  let deep = 0;
  for (let switches = left.pop(); switches !== undefined; switches = left.pop()) {
    const deepest = switches.length === story.switches;
    if (deepest && deep++ % (story.every ?? 1) > 0) continue;
    const world = await story.world();
    const { outcomes, choices } = await runOnce(world.journal, story.runners(world), switches);
    try {
      await story.check(world, outcomes);
    } catch (error) {
      const how = `with switches ${JSON.stringify(switches)}`;
      throw new Error(`${how}: ${String(error)}`, { cause: error });
    }
    if (deepest) continue;
    for (let step = (switches.at(-1)?.step ?? -1) + 1; step < choices.length; step++) {
      for (let pick = 1; pick < (choices[step] ?? 0); pick++) {
        left.push([...switches, { step, pick }]);
      }
    }
  }
}
