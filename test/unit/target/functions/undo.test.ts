import assert from 'node:assert/strict';
import { openUndoRegistry, undoRegistry } from '../../../../src/target/undo';

describe('the list of what is to be undone', () => {
  let undone: string[] = [];
  const step = (name: string) => () => ({ undo: () => void undone.push(name) });
  const exitListeners = process.listenerCount('exit');

  beforeEach(() => {
    undone = [];
    assert.equal(undoRegistry(), undefined);
  });
  afterEach(() => {
    for (const owner of ['a', 'b']) undoRegistry()?.leave(owner);
    assert.equal(undoRegistry(), undefined, 'it goes with its last step');
    assert.equal(process.listenerCount('exit'), exitListeners);
  });

  it('is undone from its end when its owner leaves', () => {
    const registry = openUndoRegistry();
    for (const name of ['inspector', 'exact mode', 'probes']) registry.register('a', name, step(name));
    assert.equal(openUndoRegistry(), registry, 'there is one for all');
    registry.leave('a');
    assert.deepEqual(undone, ['probes', 'exact mode', 'inspector']);
  });

  it('shares a step among owners, and undoes it with the last of them', () => {
    const registry = openUndoRegistry();
    const first = registry.register('a', 'inspector', step('inspector'));
    assert.equal(registry.isOnlyOwner('a', 'inspector'), true);
    assert.equal(registry.register('b', 'inspector', step('another')), first);
    assert.equal(registry.isOnlyOwner('a', 'inspector'), false);
    registry.leave('a');
    assert.deepEqual(undone, []);
    registry.leave('b');
    assert.deepEqual(undone, ['inspector']);
  });

  it('undoes one step by its name, and forgets an owner that has no more', () => {
    const registry = openUndoRegistry();
    registry.register('a', 'inspector', step('inspector'));
    registry.register('b', 'exact mode', step('exact mode'));
    registry.release('b', 'exact mode');
    assert.deepEqual(undone, ['exact mode']);
    assert.deepEqual([registry.beat('a'), registry.beat('b')], [true, false]);
  });

  it('goes on after a step that fails', () => {
    const registry = openUndoRegistry();
    registry.register('a', 'inspector', step('inspector'));
    registry.register('a', 'broken', () => ({
      undo: () => {
        throw new Error('no');
      },
    }));
    registry.leave('a');
    assert.deepEqual(undone, ['inspector']);
  });

  it('listens for the end of the process only while a step has something to do then', () => {
    const registry = openUndoRegistry();
    const inspector: { undo(): void; exit?: () => void } = { undo: () => undefined };
    registry.register('a', 'inspector', () => inspector);
    assert.equal(process.listenerCount('exit'), exitListeners);
    inspector.exit = () => void undone.push('at exit');
    registry.exitChanged();
    assert.equal(process.listenerCount('exit'), exitListeners + 1);
    (process.listeners('exit').at(-1) as () => void)();
    assert.deepEqual(undone, ['at exit']);
    inspector.exit = undefined;
    registry.exitChanged();
    assert.equal(process.listenerCount('exit'), exitListeners);
  });
});
