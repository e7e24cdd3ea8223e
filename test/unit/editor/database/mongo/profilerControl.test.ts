import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EjsonDocument } from '../../../../../src/core/ejson/documents';
import { ProfilerControl } from '../../../../../src/editor/database/mongo/profiler/profilerControl';
import { levelText, profilerRows } from '../../../../../src/editor/database/mongo/profiler/profilerRows';
import { connectionRow, databaseRow } from '../../../../../src/editor/database/mongo/tree/mongoTreeModel';
import { fakeConnection } from '../fakeConnection';
import { fakeMemory } from '../memory';

/** A server's profiler, and windows that control it one after another. */
function setUp() {
  const server = { level: 0, slowms: 100, sampleRate: 1, down: false };
  const memory = fakeMemory();
  const logged: string[] = [];
  const connection = fakeConnection((_database, command): EjsonDocument => {
    if (server.down) throw new Error('down');
    const was = { was: server.level, slowms: server.slowms, sampleRate: server.sampleRate, ok: 1 };
    if (typeof command.profile === 'number' && command.profile >= 0) {
      server.level = command.profile;
      if (typeof command.slowms === 'number') server.slowms = command.slowms;
    }
    return was;
  });
  const openWindow = (): ProfilerControl =>
    new ProfilerControl({
      memory,
      get: () => Promise.resolve(connection),
      changed: () => undefined,
      log: (text) => void logged.push(text),
    });
  return { server, memory, logged, openWindow };
}

describe('the control of the database profiler', () => {
  it('sets back what was before when the time is up', async () => {
    const { server, openWindow } = setUp();
    const profiler = openWindow();
    await profiler.start('c', 'shop', 1, 5, 0.5 / 600);
    assert.deepEqual([server.level, server.slowms], [1, 5]);
    await sleep(150);
    assert.deepEqual([server.level, server.slowms], [0, 100]);
    profiler.dispose();
  });

  it('sets back at the first change only, and what is switched off by hand is off', async () => {
    const { server, memory, openWindow } = setUp();
    const profiler = openWindow();
    await profiler.start('c', 'shop', 1, 5, 10);
    await profiler.start('c', 'shop', 2, undefined, 10);
    assert.equal(server.level, 2);
    await profiler.stop('c', 'shop');
    assert.deepEqual([server.level, server.slowms], [0, 100]);
    assert.deepEqual(JSON.parse(memory.texts.get('heatlens.mongo.profiling') ?? ''), []);
    server.level = 2;
    await profiler.stop('c', 'shop');
    assert.equal(server.level, 0, 'of somebody else');
    profiler.dispose();
  });

  it('sets back when the window closes, and when the connection is removed', async () => {
    const { server, openWindow } = setUp();
    const first = openWindow();
    await first.start('c', 'shop', 2, undefined, 10);
    await first.shutDown();
    assert.equal(server.level, 0);
    await first.start('c', 'shop', 2, undefined, 10);
    await first.leave('c');
    assert.equal(server.level, 0);
    first.dispose();
  });

  it('sets back at the next connect what a window could not', async () => {
    const { server, openWindow, logged } = setUp();
    const first = openWindow();
    await first.start('c', 'shop', 2, undefined, 0.5 / 600);
    server.down = true;
    await sleep(120);
    first.dispose();
    assert.match(logged.join(), /could not be set back: down/);
    server.down = false;
    const second = openWindow();
    await second.connected('other');
    assert.equal(server.level, 2);
    await second.connected('c');
    assert.equal(server.level, 0);
    second.dispose();
  });

  it('goes on counting in the next window', async () => {
    const { server, openWindow } = setUp();
    const first = openWindow();
    await first.start('c', 'shop', 2, undefined, 1.2 / 600);
    first.dispose();
    const second = openWindow();
    await second.connected('c');
    assert.equal(server.level, 2);
    await sleep(220);
    assert.equal(server.level, 0);
    second.dispose();
  });
});

describe('rows of the database profiler', () => {
  const parent = databaseRow(
    connectionRow({ id: 'c', name: 'h', state: 'closed', closed: 0 }, false, 's'),
    'shop',
    false,
  );
  const level = { level: 1, slowms: 50, sampleRate: 1 } as const;

  it('say what is recorded, and until when', () => {
    const [status, nothing] = profilerRows(parent, level, 123, { shapes: [], entries: 0, others: 0 });
    assert.deepEqual(
      [status.label, status.until, status.context],
      ['Records operations slower than 50 ms', 123, 'mongoProfiler'],
    );
    assert.equal(nothing.label, 'Nothing was recorded yet');
    assert.equal(levelText({ ...level, level: 0 }), 'Off');
    assert.equal(levelText({ ...level, filter: { ns: 'x' } }), 'Records operations that pass a filter');
  });

  it('list shapes with their cost', () => {
    const shape = { kind: 'find', collection: 'products', text: '{"filter":{"a":"?"}}', parts: {} } as const;
    const use = {
      shape,
      count: 12,
      totalMillis: 2400,
      maxMillis: 900,
      medianMillis: 100,
      docsExamined: 36_000,
      keysExamined: 0,
      returned: 24,
      planSummaries: ['COLLSCAN'],
      example: { entry: {}, millis: 900 },
    };
    const row = profilerRows(parent, level, undefined, { shapes: [use], entries: 12, others: 0 })[2];
    assert.equal(row.label, 'find products');
    assert.match(row.description ?? '', /^12 × · 2\.4 s in all · at most 900 ms · COLLSCAN$/);
    assert.match(row.tooltip ?? '', /36.000 documents/);
    assert.equal(row.shape, shape);
  });
});
