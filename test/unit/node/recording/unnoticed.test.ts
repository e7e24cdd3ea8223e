import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecording } from '../../../../src/node/recording/recording';
import { nodeBinaries } from '../../../support/nodeVersions';
import { truthFixture } from '../../../support/truth/truthPrograms';
import { startTruthTarget, type TruthTarget } from '../../../support/truth/truthTarget';

/** What test/fixtures/truth/unnoticed.js saw of itself. */
interface Observed {
  readonly rounds: number;
  /** How many of the rounds' arguments of `console.log` are still in memory. */
  readonly held: number;
  readonly seen: { readonly orders: readonly string[]; readonly stacks: readonly string[] };
}

const ROUNDS = 12;
const INTERRUPTS = 60;
const PATIENCE_MS = 60_000;
/** Of all arguments: of the last round or two it depends on the moment. */
const HELD_TOLERANCE = 0.3;

describe('interrupt samples, as the program sees them', function () {
  this.timeout(180_000);
  let target: TruthTarget | undefined;
  afterEach(() => target?.stop());

  const observe = async (rounds: number): Promise<Observed> => {
    for (;;) {
      const observed = await target!.ask<Observed>('report');
      if (observed.rounds >= rounds) return observed;
      await sleep(100);
    }
  };
  /** Attaches for some rounds, and for some interrupts if there are to be any. */
  const observeAttached = async (interruptBudget: number): Promise<{ seen: unknown; heldShare: number }> => {
    const recording = createRecording({ memory: 'off', interruptBudget });
    try {
      await recording.attach({ kind: 'pid', pid: target!.pid });
      const before = await observe(0);
      const interrupts = (): number => recording.targets[0].cost.interruptSamples ?? 0;
      const deadline = performance.now() + PATIENCE_MS;
      for (; interruptBudget && interrupts() < INTERRUPTS; await recording.flush()) {
        assert.ok(performance.now() < deadline, `only ${interrupts()} interrupts`);
        await sleep(200);
      }
      const { seen, held, rounds } = await observe(before.rounds + ROUNDS);
      return { seen, heldShare: (held - before.held) / (rounds - before.rounds) };
    } finally {
      await recording.detach();
      recording.dispose();
    }
  };

  for (const node of nodeBinaries())
    for (const mode of ['plain', 'hook'])
      it(`Node ${node.version}, ${mode}: nothing that it sees changes`, async () => {
        target = await startTruthTarget(node.path, [truthFixture('unnoticed.js'), mode]);
        const { seen } = await observe(ROUNDS);
        assert.equal(seen.orders.length, 1, seen.orders.join('\n'));
        assert.equal(seen.stacks.length, 1, seen.stacks.join('\n'));
        // An inspector with a client keeps arguments of `console` calls, whatever it is used for.
        const without = await observeAttached(0);
        const withThem = await observeAttached(0.5);
        assert.deepEqual(withThem.seen, seen);
        assert.ok(
          withThem.heldShare <= without.heldShare + HELD_TOLERANCE,
          `of console's arguments ${withThem.heldShare} are held, without ${without.heldShare}`,
        );
        assert.deepEqual((await observe(0)).seen, seen);
      });
});
