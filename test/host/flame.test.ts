import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { decodeColumns } from '../../src/core/profile/columnsCodec';
import type { FramePlace } from '../../src/core/profile/frame';
import type { FromFlamePage } from '../../src/core/protocol/flame';
import { FileContent } from '../../src/editor/flame/fileContent';
import { FlamePage } from '../../src/editor/flame/flamePage';
import { createRevealSource } from '../../src/editor/flame/revealSource';
import { createMethodResolver } from '../../src/node/sources/createMethodResolver';
import { assertPictureOf, boxesOf } from '../support/drawnPicture';
import { profileFixtures } from '../support/recordedProfiles';
import { executeAndGo } from './dialogs';
import { fakePanel, flameTabs, someState, unasked } from './flameSupport';
import { attachTo, heatlens, lineOf, pricingFile, startService, waitFor, workspaceFolder } from './support';
import type { Service } from './support';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heatlens-flame-'));
});

after(async () => {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await rm(folder, { recursive: true, force: true });
});

async function exportTo(name: string, format: string): Promise<string> {
  const path = join(folder, name);
  await executeAndGo('heatlens.exportFlameGraph', { format, uri: vscode.Uri.file(path) });
  assert.ok(existsSync(path), `${name} was not written`);
  return path;
}

/** Threads of this extension host, worker threads among them. */
function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

describe('a profile in the flame graph editor', () => {
  const formats: readonly { readonly name: string; readonly format: string; readonly viewType: string }[] = [
    { name: 'copy.cpuprofile', format: 'cpuprofile', viewType: 'heatlens.flameProfile' },
    { name: 'copy.speedscope.json', format: 'speedscope', viewType: 'heatlens.flameProfile' },
    { name: 'copy.folded', format: 'folded', viewType: 'heatlens.flameProfile' },
    { name: 'copy.pb.gz', format: 'pprof', viewType: 'heatlens.flamePprof' },
    { name: 'copy.pprof', format: 'pprof', viewType: 'heatlens.flamePprof' },
  ];

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('of V8 is read and drawn by the page, which answers with the picture', async () => {
    await vscode.commands.executeCommand(
      'vscode.openWith',
      vscode.Uri.file(join(profileFixtures, 'node24.cpuprofile')),
      'heatlens.flameProfile',
    );
    assert.equal(flameTabs().length, 1);
    const svg = readFileSync(await exportTo('drawn.svg', 'svg'), 'utf8');
    await assertPictureOf(svg, join(profileFixtures, 'node24.cpuprofile'));
    const png = readFileSync(await exportTo('drawn.png', 'png'));
    assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  }).timeout(60_000);

  it('of bytes is, too', async () => {
    await vscode.commands.executeCommand(
      'heatlens.showFlameGraph',
      vscode.Uri.file(join(profileFixtures, 'node24.heapprofile')),
    );
    assert.equal(flameTabs().length, 1);
    const svg = readFileSync(await exportTo('heap.svg', 'svg'), 'utf8');
    await assertPictureOf(svg, join(profileFixtures, 'node24.heapprofile'));
  }).timeout(60_000);

  for (const { name, format, viewType } of formats) {
    it(`that was exported as ${name} opens again, with the same time in it`, async () => {
      await vscode.commands.executeCommand(
        'vscode.openWith',
        vscode.Uri.file(join(profileFixtures, 'node24.cpuprofile')),
        'heatlens.flameProfile',
      );
      const path = await exportTo(name, format);
      const before = await exportTo('before.folded', 'folded');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), viewType);
      assert.deepEqual(
        flameTabs().map(({ label }) => label),
        [name],
      );
      await exportTo('shown.svg', 'svg');
      const after = await exportTo('after.folded', 'folded');
      assert.equal(totalOf(after), totalOf(before));
    }).timeout(60_000);
  }

  it('that is a report opens without us: no reference leaves the file', async () => {
    await vscode.commands.executeCommand(
      'vscode.openWith',
      vscode.Uri.file(join(profileFixtures, 'node24.cpuprofile')),
      'heatlens.flameProfile',
    );
    const html = readFileSync(await exportTo('report.html', 'html'), 'utf8');
    assert.match(html, /^<!doctype html>/i);
    assert.ok(!/(?:src|href)="(?!data:|#)[^"]+"/.test(html.slice(0, 5000)));
  }).timeout(60_000);

  it('is shown against what was before, in one editor', async () => {
    const before = vscode.Uri.file(join(profileFixtures, 'node20.cpuprofile'));
    const after = vscode.Uri.file(join(profileFixtures, 'node24.cpuprofile'));
    await vscode.commands.executeCommand('heatlens.showFlameGraph', after);
    const alone = readFileSync(await exportTo('alone.svg', 'svg'), 'utf8');
    await vscode.commands.executeCommand('heatlens.compareProfiles', { before, after });
    assert.equal(flameTabs().length, 1);
    // The page changes its view in its own time.
    await waitFor(
      'the difference',
      async () => readFileSync(await exportTo('difference.svg', 'svg'), 'utf8') !== alone,
    );
  }).timeout(60_000);

  it('that is broken opens with the reason, and can be reopened as text', async () => {
    const path = join(folder, 'broken.cpuprofile');
    await writeFile(path, '{ "nodes": [ { "id": 1');
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), 'heatlens.flameProfile');
    assert.equal(flameTabs().length, 1);
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), 'default');
    await waitFor('the text', () => vscode.window.activeTextEditor?.document.uri.fsPath === path);
  });

  it('leaves no thread behind when it is closed', async () => {
    const open = async (): Promise<void> => {
      await vscode.commands.executeCommand(
        'vscode.openWith',
        vscode.Uri.file(join(profileFixtures, 'node24.cpuprofile')),
        'heatlens.flameProfile',
      );
      await exportTo('threads.folded', 'folded');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    };
    // The first time starts the thread pool that Node keeps.
    await open();
    await sleep(500);
    const before = threadCount();
    for (let i = 0; i < 3; i++) await open();
    await waitFor('the end of all threads', () => threadCount() <= before);
  }).timeout(60_000);
});

function totalOf(foldedPath: string): number {
  const lines = readFileSync(foldedPath, 'utf8').trim().split('\n');
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

describe('what a page is told', () => {
  let file: string;
  const mappings = (): [] => [];
  const reveal = createRevealSource(
    { measured: (path) => path, shown: (path) => path, short: (path) => path },
    mappings,
    () => undefined,
  );
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: unasked,
    show: () => undefined,
    dispose: () => undefined,
  };

  before(async () => {
    // What `node --cpu-prof` writes when the service ends by itself.
    const script = `setTimeout(() => process.kill(process.pid, 'SIGTERM'), 2500); require(${JSON.stringify(join(workspaceFolder, 'lib/service.js'))});`;
    await promisify(execFile)(
      'node',
      ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-name', 'service.cpuprofile', '-e', script],
      { timeout: 20_000 },
    );
    file = join(folder, 'service.cpuprofile');
  });

  after(() => reveal.dispose());

  function open(
    path = file,
    error = unasked,
  ): { page: FlamePage; content: FileContent; fake: ReturnType<typeof fakePanel> } {
    const content = new FileContent(
      vscode.Uri.file(path),
      (root) => createMethodResolver({ pathMappings: [], roots: [root] }),
      unasked,
    );
    const fake = fakePanel();
    const services = {
      extensionUri: vscode.Uri.file(folder),
      reveal,
      log: { ...log, error },
      askExport: unasked,
      askComparison: unasked,
    };
    return { content, fake, page: new FlamePage(fake.panel, content, services) };
  }

  it('is nothing before it is ready, then the profile, then where its frames stand in the source', async () => {
    const { content, fake } = open();
    await waitFor('the file', () => content.profile());
    assert.deepEqual(fake.sent, []);
    fake.say({ type: 'ready' });
    const { data, live, titles } = await fake.last('profile');
    assert.equal(live, false);
    assert.equal(titles.length, 1);
    const columns = decodeColumns(data);
    const score = columns.frames.findIndex(({ functionName }) => functionName === 'score');
    assert.ok(score >= 0);
    const { sources } = await fake.last('sources');
    assert.equal(sources.files[sources.file[score - sources.first]], pricingFile);
    assert.equal(sources.line[score - sources.first] + 1, lineOf('score(rounds: number)'));
    fake.close();
    content.dispose();
  }).timeout(60_000);

  it('is everything again when the page was made anew, with the state that it had', async () => {
    const { content, fake, page } = open();
    await waitFor('the file', () => content.profile());
    fake.say({ type: 'ready' });
    assert.equal((await fake.last('profile')).state, undefined);
    page.compareWith((await fake.last('profile')).data);
    fake.say({ type: 'state', state: someState });
    fake.sent.length = 0;
    fake.setVisible(false);
    fake.setVisible(true);
    page.command({ name: 'find' });
    assert.deepEqual(fake.sent, [], 'nobody listens before it is ready');
    fake.say({ type: 'ready' });
    assert.deepEqual((await fake.last('profile')).state, someState);
    assert.deepEqual(
      fake.sent.map(({ type }) => type).filter((type) => type !== 'sources'),
      ['profile', 'comparison', 'command'],
    );
    fake.close();
    content.dispose();
  });

  it('is asked for a drawing, which no other failure of the page ends', async () => {
    const { content, fake, page } = open(file, () => undefined);
    await waitFor('the file', () => content.profile());
    const requests = (): { id: number; name: string; params: unknown }[] =>
      (fake.sent as unknown as { type: string; id: number; name: string; params: unknown }[]).filter(
        ({ type }) => type === 'request',
      );
    const reply = (fields: object): void => fake.say({ type: 'reply', ...fields } as unknown as FromFlamePage);
    const { signal } = new AbortController();
    const first = page.draw('svg', signal);
    const second = page.draw('png', signal);
    assert.deepEqual(fake.sent, [], 'nobody listens before it is ready');
    fake.say({ type: 'ready' });
    const [one, two] = await waitFor('the requests', () => (requests().length === 2 ? requests() : undefined));
    assert.deepEqual([one.name, one.params, two.params], ['draw', { format: 'svg' }, { format: 'png' }]);
    fake.say({ type: 'failed', message: 'a message could not be shown' });
    reply({ id: two.id, error: 'the browser cannot' });
    reply({ id: one.id, result: '<svg/>' });
    assert.equal(await first, '<svg/>');
    await assert.rejects(second, /the browser cannot/);

    const abort = new AbortController();
    const third = page.draw('svg', abort.signal);
    abort.abort();
    await assert.rejects(third, vscode.CancellationError);
    assert.ok(
      (fake.sent as { type: string }[]).some(({ type }) => type === 'abort'),
      'the page is told',
    );
    const fourth = page.draw('svg', signal);
    fake.setVisible(false);
    await assert.rejects(fourth, /closed before it answered/);
    fake.close();
    content.dispose();
  });

  it('comes again after the file has changed, with the state that the page had; not while it is hidden', async () => {
    const path = join(folder, 'changing.cpuprofile');
    await copyFile(join(profileFixtures, 'node20.cpuprofile'), path);
    const { content, fake } = open(path);
    await waitFor('the file', () => content.profile());
    fake.say({ type: 'ready' });
    fake.say({ type: 'state', state: someState });
    const first = await fake.last('profile');
    await copyFile(join(profileFixtures, 'node24.cpuprofile'), path);
    const second = await waitFor(
      'the new profile',
      () => fake.sent.findLast((message) => message.type === 'profile' && message !== first),
      20_000,
    );
    assert.ok(second.type === 'profile');
    assert.deepEqual(second.state, someState);

    fake.setVisible(false);
    const before = content.profile();
    await copyFile(join(profileFixtures, 'node22.cpuprofile'), path);
    const newest = await waitFor(
      'the next one',
      () => (content.profile() !== before ? content.profile() : undefined),
      20_000,
    );
    assert.equal(await fake.last('profile'), second);
    fake.setVisible(true);
    fake.say({ type: 'ready' });
    assert.equal((await fake.last('profile')).data, newest.data);
    fake.close();
    content.dispose();
  }).timeout(90_000);

  it('is one message with the next step when the file is none', async () => {
    const path = join(folder, 'none.cpuprofile');
    await writeFile(path, '{ "nodes": 7 }');
    const content = new FileContent(
      vscode.Uri.file(path),
      () => createMethodResolver({ pathMappings: [], roots: [] }),
      () => undefined,
    );
    const fake = fakePanel();
    new FlamePage(fake.panel, content, {
      extensionUri: vscode.Uri.file(folder),
      reveal,
      log,
      askExport: unasked,
      askComparison: unasked,
    });
    fake.say({ type: 'ready' });
    const { message, nextStep } = await fake.last('failure');
    assert.match(message, /none\.cpuprofile/);
    assert.ok(nextStep.length > 10);
    fake.close();
    content.dispose();
  });

  it('leads to the line of a source-mapped TypeScript file, and reveals what is selected without taking the focus', async () => {
    const { content, fake } = open();
    const profile = await waitFor('the file', () => content.profile());
    fake.say({ type: 'ready' });
    await fake.last('sources');
    const place = (name: string): FramePlace =>
      profile.columns.frames.find(({ functionName }) => functionName === name)!;
    fake.say({ type: 'openSource', place: place('score'), toSide: false });
    const editor = await waitFor('the source', () =>
      vscode.window.activeTextEditor?.document.uri.fsPath === pricingFile ? vscode.window.activeTextEditor : undefined,
    );
    assert.equal(editor.selection.active.line + 1, lineOf('score(rounds: number)'));
    const other = await vscode.window.showTextDocument(vscode.Uri.file(join(workspaceFolder, 'src/service.ts')), {
      viewColumn: vscode.ViewColumn.Beside,
    });
    editor.revealRange(new vscode.Range(0, 0, 0, 0), vscode.TextEditorRevealType.AtTop);
    fake.say({ type: 'selected', place: place('discount') });
    const line = lineOf('discount(rounds: number)') - 1;
    await waitFor('the method in view', () =>
      vscode.window.visibleTextEditors.some(
        ({ document, visibleRanges }) =>
          document.uri.fsPath === pricingFile &&
          visibleRanges.some((range) => range.contains(new vscode.Position(line, 0))),
      ),
    );
    assert.equal(vscode.window.activeTextEditor?.document, other.document);
    fake.close();
    content.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }).timeout(60_000);

  it('asks for an export in the format that was chosen on the page, or in any', () => {
    const { content } = open();
    const fake = fakePanel();
    const asked: unknown[] = [];
    const page = new FlamePage(fake.panel, content, {
      extensionUri: vscode.Uri.file(folder),
      reveal,
      log,
      askExport: (of, format) => asked.push([of, format]),
      askComparison: unasked,
    });
    fake.say({ type: 'askExport', format: 'svg' });
    fake.say({ type: 'askExport' });
    assert.deepEqual(asked, [
      [page, 'svg'],
      [page, undefined],
    ]);
    fake.close();
    content.dispose();
  });

  it('ends with the panel: a read that was on its way is given up', async () => {
    const before = threadCount();
    const { content, fake } = open();
    fake.say({ type: 'ready' });
    fake.close();
    content.dispose();
    await waitFor('the end of the thread', () => threadCount() <= before);
    await sleep(300);
    assert.ok(
      !fake.sent.some(({ type }) => type === 'profile' || type === 'failure'),
      fake.sent.map(({ type }) => type).join(),
    );
  });
});

describe('the flame graph of a running service', () => {
  let service: Service;

  before(async () => {
    service = await startService();
  });

  after(async () => {
    await vscode.commands.executeCommand('heatlens.detach');
    await vscode.commands.executeCommand('heatlens.clear');
    await service.stop();
  });

  it('opens, and goes on growing in place', async () => {
    await attachTo(service.pid);
    const { getSnapshot } = await heatlens();
    await waitFor('heat', () => (getSnapshot()?.cpu.samples ?? 0) > 50);
    await vscode.commands.executeCommand('heatlens.showFlameGraph');
    const tabs = (): vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview);
    await waitFor('its tab', () => tabs().length === 1);
    const first = totalOf(await exportTo('live1.folded', 'folded'));
    assert.ok(first > 0);
    await exportTo('live.svg', 'svg');
    const growing = await waitFor('more of it', async () => {
      const total = totalOf(await exportTo('live2.folded', 'folded'));
      return total > first ? total : undefined;
    });
    assert.ok(growing > first);
    await vscode.commands.executeCommand('heatlens.showFlameGraph');
    assert.equal(tabs().length, 1, 'it is the same panel');
  }).timeout(60_000);

  it('is led to by a method of the source', async () => {
    const { getSnapshot } = await heatlens();
    const score = getSnapshot()?.methods.find(({ source }) => source.method.qualifiedName === 'Pricing.score');
    assert.ok(score);
    await vscode.commands.executeCommand('heatlens.flameSandwich');
    await vscode.commands.executeCommand('heatlens.showInFlameGraph', score.source.file, score.source.index);
    // The view of one method's calls: it is the box as wide as all.
    await waitFor('the focused method', async () => {
      const boxes = boxesOf(readFileSync(await exportTo('focused.svg', 'svg'), 'utf8'));
      return boxes.some(({ name, row }) => row === 0 && name.endsWith('score'));
    });
    await vscode.commands.executeCommand('heatlens.flameLeftHeavy');
  }).timeout(60_000);

  it('keeps what was measured when the service is gone', async () => {
    await service.stop();
    const { getSnapshot } = await heatlens();
    await waitFor('its end', () => getSnapshot()?.targets.every(({ state }) => state === 'ended'));
    assert.ok(totalOf(await exportTo('ended.folded', 'folded')) > 0);
    assert.ok((await readdir(folder)).includes('ended.folded'));
  });
});
