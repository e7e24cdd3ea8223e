import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnnouncer } from '../../../../src/editor/lens/announcer';

function counted(intervalMs: number, patienceMs: number) {
  const counts = { announced: 0 };
  return { counts, announcer: createAnnouncer({ announce: () => counts.announced++, intervalMs, patienceMs }) };
}

describe('announcing changed lenses', () => {
  it('announces the first change at once, and no other before the editor has asked', async () => {
    const { counts, announcer } = counted(20, 60_000);
    announcer.changed();
    assert.equal(counts.announced, 1);
    for (let change = 0; change < 5; change++) {
      announcer.changed();
      await sleep(20);
    }
    assert.equal(counts.announced, 1, 'an editor that waits for silence gets it');
    announcer.asked();
    assert.equal(counts.announced, 1);
    await sleep(60);
    assert.equal(counts.announced, 2, 'what changed meanwhile is announced after the answer');
    announcer.dispose();
  });

  it('is silent after an answer when nothing has changed', async () => {
    const { counts, announcer } = counted(10, 60_000);
    announcer.changed();
    announcer.asked();
    await sleep(40);
    assert.equal(counts.announced, 1);
    announcer.changed();
    assert.equal(counts.announced, 2);
    announcer.dispose();
  });

  it('announces again after a while though nobody asks', async () => {
    const { counts, announcer } = counted(10, 40);
    announcer.changed();
    announcer.changed();
    await sleep(90);
    assert.equal(counts.announced, 2);
    announcer.dispose();
  });

  it('is silent after disposal', async () => {
    const { counts, announcer } = counted(10, 20);
    announcer.changed();
    announcer.changed();
    announcer.dispose();
    announcer.changed();
    announcer.asked();
    await sleep(60);
    assert.equal(counts.announced, 1);
  });
});
