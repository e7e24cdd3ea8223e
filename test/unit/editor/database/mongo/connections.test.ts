import assert from 'node:assert/strict';
import { HeatlensError } from '../../../../../src/core/errors';
import { OpenConnections } from '../../../../../src/editor/database/mongo/connections/openConnections';
import {
  hasSavedConnections,
  SavedConnections,
} from '../../../../../src/editor/database/mongo/connections/savedConnections';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import { fakeConnection } from '../fakeConnection';
import { fakeMemory } from '../memory';

function fakeSecrets() {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
    delete: (key: string) => Promise.resolve(void kept.delete(key)),
  };
}

function setUp(connect: (uri: string) => Promise<MongoConnection> = () => Promise.resolve(fakeConnection())) {
  const global = fakeMemory();
  const workspace = fakeMemory();
  const secrets = fakeSecrets();
  const saved = new SavedConnections(global, workspace, secrets);
  const connected: string[] = [];
  const open = new OpenConnections({ saved, connect, onConnected: (id) => Promise.resolve(void connected.push(id)) });
  return { global, workspace, secrets, saved, open, connected };
}

const uri = 'mongodb://shop:hunter2@db.example.com/shop';

describe('saved connections', () => {
  it('keep the string in the secret storage and nothing of it elsewhere', async () => {
    const { global, workspace, secrets, saved } = setUp();
    assert.equal(hasSavedConnections(global), false);
    const { id } = await saved.add(uri, 'db.example.com/shop');
    await saved.choose('file:///a', { id, database: 'shop' });
    assert.equal(hasSavedConnections(global), true);
    assert.equal(await saved.uri(id), uri);
    for (const text of [...global.texts.values(), ...workspace.texts.values()])
      assert.ok(!text.includes('hunter2') && !text.includes('mongodb://'), text);
    await saved.remove(id);
    assert.equal(secrets.kept.size, 0);
    assert.equal(saved.choice('file:///a'), undefined);
    assert.equal(hasSavedConnections(global), false);
  });

  it('are listed once, under names of their own', async () => {
    const { saved } = setUp();
    const first = await saved.add(uri, 'db.example.com');
    assert.equal((await saved.add(uri, 'db.example.com')).id, first.id);
    const second = await saved.add(uri.replace('hunter2', 'other'), 'db.example.com');
    assert.deepEqual(
      saved.list().map(({ name }) => name),
      ['db.example.com', 'db.example.com (2)'],
    );
    await saved.rename(second.id, 'Production');
    assert.equal(saved.find(second.id)?.name, 'Production');
  });

  it('are chosen by each folder for itself', async () => {
    const { saved } = setUp();
    const a = await saved.add(`${uri}?a`, 'a');
    const b = await saved.add(`${uri}?b`, 'b');
    await saved.choose('file:///a', { id: a.id });
    await saved.choose('file:///b', { id: b.id, database: 'x' });
    assert.deepEqual(saved.choice('file:///b'), { id: b.id, database: 'x' });
    await saved.remove(a.id);
    assert.equal(saved.choice('file:///a'), undefined);
    assert.deepEqual(saved.choice('file:///b'), { id: b.id, database: 'x' });
  });
});

describe('open connections', () => {
  it('are opened once, by whoever asks first, and put in order once', async () => {
    let count = 0;
    const { saved, open, connected } = setUp(() => {
      count++;
      return Promise.resolve(fakeConnection());
    });
    const { id } = await saved.add(uri, 'h');
    const [a, b] = await Promise.all([open.get(id), open.get(id)]);
    assert.equal(a, b);
    assert.equal(await open.get(id), a);
    assert.equal(count, 1);
    assert.deepEqual(connected, [id]);
    assert.equal(open.status(id)?.state, 'connected');
  });

  it('say why they failed, and are tried again by the next who asks', async () => {
    let down = true;
    const { saved, open } = setUp(() =>
      down
        ? Promise.reject(new HeatlensError('mongoDown', 'No server listens at h.', 'Start it.'))
        : Promise.resolve(fakeConnection()),
    );
    const { id } = await saved.add(uri, 'h');
    await assert.rejects(open.get(id), /No server listens/);
    assert.deepEqual(
      [open.status(id)?.state, open.status(id)?.failure],
      ['failed', 'No server listens at h. Start it.'],
    );
    down = false;
    await open.get(id);
    assert.equal(open.status(id)?.state, 'connected');
  });

  it('let one caller stop waiting without ending it for the others', async () => {
    let finish = (_connection: MongoConnection): void => undefined;
    const { saved, open } = setUp(() => new Promise((resolve) => (finish = resolve)));
    const { id } = await saved.add(uri, 'h');
    const abort = new AbortController();
    const impatient = open.get(id, abort.signal);
    const patient = open.get(id);
    abort.abort();
    await assert.rejects(impatient, { name: 'AbortError' });
    finish(fakeConnection());
    assert.ok(await patient);
  });

  it('are closed when they are closed while being opened, and with the window', async () => {
    let finish = (_connection: MongoConnection): void => undefined;
    const { saved, open } = setUp(() => new Promise((resolve) => (finish = resolve)));
    const { id } = await saved.add(uri, 'h');
    const opening = open.get(id);
    await new Promise((resolve) => setImmediate(resolve));
    await open.close(id);
    const late = fakeConnection();
    finish(late);
    await assert.rejects(opening, /was closed/);
    assert.equal(late.closed, 1);

    const second = open.get(id);
    await new Promise((resolve) => setImmediate(resolve));
    const connection = fakeConnection();
    finish(connection);
    await second;
    await open.shutDown();
    assert.equal(connection.closed, 1);
  });

  it('keep one that was tested before it was saved', async () => {
    const { saved, open, connected } = setUp(() => assert.fail('opened twice'));
    const { id } = await saved.add(uri, 'h');
    const connection = fakeConnection();
    open.adopt(id, connection);
    assert.equal(await open.get(id), connection);
    assert.deepEqual(connected, [id]);
  });

  it('say that a string is lost', async () => {
    const { saved, open, secrets } = setUp();
    const { id } = await saved.add(uri, 'h');
    secrets.kept.clear();
    await assert.rejects(open.get(id), { code: 'secretLost' });
  });
});
