import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { SwitchBacks, type SwitchBack } from '../../../../src/editor/mongo/profiler/switchBack';
import { fakeMemory } from './memory';

function setUp(fails = false) {
  const memory = fakeMemory();
  const done: SwitchBack[] = [];
  const create = (): SwitchBacks => new SwitchBacks(memory, (due) => (fails ? Promise.reject(new Error('down')) : Promise.resolve(void done.push(due))));
  return { memory, done, create, backs: create() };
}

const place = { id: 'c', database: 'shop' };

describe('a profiling level that is switched back', () => {
  it('is switched back in time, to what it was before the first change', async () => {
    const { backs, done } = setUp();
    await backs.plan({ ...place, level: 0, slowMs: 100, until: Date.now() + 60_000 });
    await backs.plan({ ...place, level: 2, slowMs: 5, until: Date.now() + 20 });
    await sleep(60);
    assert.deepEqual(done.map(({ level, slowMs }) => [level, slowMs]), [[0, 100]]);
    assert.equal(backs.find(place), undefined);
  });

  it('is switched back at the next connect when the window had closed', async () => {
    const { backs, create, done } = setUp();
    await backs.plan({ ...place, level: 1, slowMs: 50, until: Date.now() + 30 });
    backs.dispose();
    await sleep(50);
    assert.deepEqual(done, []);
    const next = create();
    await next.resume('other');
    assert.deepEqual(done, []);
    await next.resume('c');
    assert.deepEqual(done.map(({ level }) => level), [1]);
    next.dispose();
  });

  it('goes on counting in the next window when there is time left', async () => {
    const { backs, create, done } = setUp();
    await backs.plan({ ...place, level: 0, slowMs: 100, until: Date.now() + 80 });
    backs.dispose();
    const next = create();
    await next.resume('c');
    assert.deepEqual(done, []);
    await sleep(140);
    assert.equal(done.length, 1);
  });

  it('is switched back when the window closes', async () => {
    const { backs, done } = setUp();
    await backs.plan({ ...place, level: 0, slowMs: 100, until: Date.now() + 60_000 });
    await backs.performAll();
    assert.equal(done.length, 1);
    assert.deepEqual(backs.all(), []);
  });

  it('stays noted when the server cannot be reached', async () => {
    const { backs } = setUp(true);
    await backs.plan({ ...place, level: 0, slowMs: 100, until: Date.now() + 60_000 });
    await assert.rejects(backs.performAll(), /down/);
    assert.equal(backs.all().length, 1);
    backs.dispose();
  });
});
