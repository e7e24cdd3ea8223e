import assert from 'node:assert/strict';
import { abortableDelay, abortReason, onAbort, rejectedOnAbort, whenAborted } from '../../../src/core/abort';

describe('aborting', () => {
  it('has an error as its reason, whatever was given', () => {
    const reason = new Error('enough');
    assert.equal(abortReason(AbortSignal.abort(reason)), reason);
    assert.equal(abortReason(AbortSignal.abort('enough')).message, 'enough');
    assert.equal(abortReason(AbortSignal.abort()).name, 'AbortError');
  });

  it('is told to who listens, once, and no longer than wanted', () => {
    const control = new AbortController();
    const told: string[] = [];
    onAbort(control.signal, ({ message }) => told.push(`first ${message}`));
    onAbort(control.signal, ({ message }) => told.push(`second ${message}`)).dispose();
    onAbort(undefined, () => told.push('never')).dispose();
    control.abort(new Error('enough'));
    assert.deepEqual(told, ['first enough']);
  });

  it('can be waited for, before and after', async () => {
    const control = new AbortController();
    const waiting = [whenAborted(control.signal), assert.rejects(rejectedOnAbort(control.signal), /enough/)];
    control.abort(new Error('enough'));
    await Promise.all(waiting);
    await whenAborted(control.signal);
    await assert.rejects(rejectedOnAbort(control.signal), /enough/);
  });

  it('cuts a delay short', async () => {
    const control = new AbortController();
    const delay = abortableDelay(60_000, control.signal);
    control.abort();
    await delay;
    await abortableDelay(60_000, control.signal);
    await abortableDelay(1, undefined);
  });
});
