import assert from 'node:assert/strict';
import { createTurns, StuckError } from '../../../../src/node/files/turns';

describe('turns', () => {
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('let no more than some run at once, and all in order', async () => {
    const turns = createTurns(2, 10_000);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        turns.run(async () => {
          most = Math.max(most, ++running);
          order.push(i);
          await later();
          running--;
        }),
      ),
    );
    assert.equal(most, 2);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
  });

  it('give up who never ends, and then everybody at once, until one ends', async () => {
    const turns = createTurns(1, 20);
    let end = (): void => undefined;
    const stuck = turns.run(() => new Promise<void>((resolve) => (end = resolve)));
    const waiting = turns.run(() => Promise.resolve(1));
    await assert.rejects(stuck, StuckError);
    await assert.rejects(waiting, StuckError);
    await assert.rejects(
      turns.run(() => Promise.resolve(2)),
      StuckError,
    );
    end();
    await later();
    assert.equal(await turns.run(() => Promise.resolve(3)), 3);
  });

  it('are given up by who waits, and free again after a failure', async () => {
    const turns = createTurns(1, 10_000);
    const failing = turns.run(async () => {
      await later();
      throw new Error('broken');
    });
    const controller = new AbortController();
    let ran = false;
    const waiting = turns.run(() => Promise.resolve((ran = true)), controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    await assert.rejects(failing, /broken/);
    assert.equal(await turns.run(() => Promise.resolve(4)), 4);
    assert.ok(!ran);
  });
});
