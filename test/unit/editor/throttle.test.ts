import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { throttle } from '../../../src/editor/throttle';

describe('throttle', () => {
  it('runs at once, and once more for all calls of the interval', async () => {
    let runs = 0;
    const call = throttle(() => runs++, 30);
    call();
    assert.equal(runs, 1);
    call();
    call();
    assert.equal(runs, 1);
    await sleep(60);
    assert.equal(runs, 2);
    await sleep(60);
    assert.equal(runs, 2);
    call.dispose();
  });

  it('is silent after disposal', async () => {
    let runs = 0;
    const call = throttle(() => runs++, 10);
    call();
    call();
    call.dispose();
    call();
    await sleep(30);
    assert.equal(runs, 1);
  });
});
