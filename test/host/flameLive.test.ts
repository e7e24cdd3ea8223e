import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFilePaths } from '../../src/editor/workspace/filePaths';
import { FlamePage } from '../../src/editor/flame/flamePage';
import { LiveContent } from '../../src/editor/flame/liveContent';
import { createRevealSource } from '../../src/editor/flame/revealSource';
import { createSavedColumns, type SavedColumns } from '../../src/editor/flame/savedColumns';
import { RecordingHost } from '../../src/editor/recording/recordingHost';
import { createMethodIndexer } from '../../src/core/method/methodIndex';
import { followMethods } from '../../src/core/method/followMethods';
import { decodeColumns } from '../../src/core/profile/columnsCodec';
import { descendantsOf, listNodeProcesses } from '../../src/node/processes/listNodeProcesses';
import { createRecording } from '../../src/node/recording/recording';
import { DEFAULT_OPTIONS } from '../../src/node/recording/recordingTypes';
import { createMethodResolver } from '../../src/node/sources/createMethodResolver';
import * as vscode from 'vscode';
import { fakePanel, someState, unasked } from './flameSupport';
import type { Service } from './support';
import { startService, waitFor } from './support';

/** The engine of the tests' own build, not of the bundle: what is looked at here is what crosses to the page. */
function newHost(): RecordingHost {
  return new RecordingHost({
    loadEngine: () =>
      Promise.resolve({ createRecording, listNodeProcesses, descendantsOf, createMethodIndexer, followMethods }),
    options: () => ({ ...DEFAULT_OPTIONS, refreshMs: 500, cpuIntervalUs: 1000 }),
    onLoseTarget: () => undefined,
  });
}

describe('a live flame graph', () => {
  let folder: string;
  let service: Service;
  let host: RecordingHost;
  let saved: SavedColumns;
  const reveal = createRevealSource(
    createFilePaths(() => []),
    () => [],
    () => undefined,
  );
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: unasked,
    show: () => undefined,
    dispose: () => undefined,
  };
  const resolver = () => createMethodResolver({ pathMappings: [], roots: [] });
  const pageOf = (content: LiveContent, fake: ReturnType<typeof fakePanel>): FlamePage =>
    new FlamePage(fake.panel, content, {
      extensionUri: vscode.Uri.file(folder),
      reveal,
      log,
      askExport: unasked,
      askComparison: unasked,
    });
  const profiles = (fake: ReturnType<typeof fakePanel>) => fake.sent.filter((message) => message.type === 'profile');

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heatlens-live-'));
    saved = createSavedColumns(folder, (text) => assert.fail(text));
    service = await startService();
    host = newHost();
  });

  after(async () => {
    await host.shutDown();
    reveal.dispose();
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what to do next where nothing is measured', async () => {
    const content = new LiveContent(host, saved, resolver);
    const fake = fakePanel();
    pageOf(content, fake);
    fake.say({ type: 'ready' });
    const { nextStep } = await fake.last('failure');
    assert.match(nextStep, /Attach/);
    fake.close();
    content.dispose();
  });

  it('is sent again with each refresh while it is visible, and not while it is hidden', async () => {
    const { recording } = await host.start();
    await recording.attach({ kind: 'pid', pid: service.pid });
    const content = new LiveContent(host, saved, resolver);
    const fake = fakePanel();
    pageOf(content, fake);
    fake.say({ type: 'ready' });
    fake.say({ type: 'state', state: someState });
    await waitFor('three refreshes', () => profiles(fake).length >= 3, 20_000);
    const messages = profiles(fake);
    assert.ok(messages.every(({ live }) => live));
    assert.ok(
      messages.slice(1).every(({ state }) => state === undefined),
      'the page keeps its own focus and zoom',
    );
    const samples = messages.map(({ data }) => decodeColumns(data).timeline!.nodes.length);
    assert.ok(samples[0] < samples[1] && samples[1] < samples[2], samples.join());
    await fake.last('sources');

    fake.setVisible(false);
    const count = profiles(fake).length;
    await sleep(3_000);
    assert.equal(profiles(fake).length, count);
    fake.setVisible(true);
    fake.say({ type: 'ready' });
    assert.deepEqual((await waitFor('the profile', () => profiles(fake)[count])).state, someState);
    await content.save();
    fake.close();
    content.dispose();
  }).timeout(60_000);

  it('is there after the window was reloaded, until something is measured again', async () => {
    const next = newHost();
    const content = new LiveContent(next, saved, resolver);
    const fake = fakePanel();
    pageOf(content, fake);
    fake.say({ type: 'ready' });
    await content.restore();
    const { data, live } = await fake.last('profile');
    assert.equal(live, false);
    assert.ok(decodeColumns(data).parents.length > 5);
    assert.match((await fake.last('ended')).message, /reloaded/);
    const { recording } = await next.start();
    await recording.attach({ kind: 'pid', pid: service.pid });
    await waitFor('the profile of now', () => profiles(fake).at(-1)?.live, 20_000);
    await next.shutDown();
    fake.close();
    content.dispose();
  }).timeout(60_000);

  it('stays when the target is gone, and says so', async () => {
    const content = new LiveContent(host, saved, resolver);
    const fake = fakePanel();
    pageOf(content, fake);
    fake.say({ type: 'ready' });
    await fake.last('profile');
    await service.stop();
    assert.match((await waitFor('the end', () => fake.last('ended'))).message, /service\.js/);
    assert.equal(profiles(fake).at(-1)?.live, false);
    fake.close();
    content.dispose();
  }).timeout(60_000);
});
