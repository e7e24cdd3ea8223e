import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { profileFixtures } from '../support/recordedProfiles';
import { whileAnswering } from './dialogs';
import { flameTabs } from './flameSupport';
import { heatlens, pricingUri, waitFor, workspaceFolder } from './support';

/** Any link in a text of the editor runs commands with any arguments, and so does any extension. */
describe('arguments of commands', () => {
  const profile = vscode.Uri.file(join(profileFixtures, 'node24.cpuprofile'));
  let folder: string;
  let server: Server;
  let connections = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heatlens-arguments-'));
    await heatlens();
    server = createServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  after(async () => {
    server.close();
    await vscode.window.tabGroups.close(flameTabs());
    await rm(folder, { recursive: true, force: true });
  });

  const run = (answer: 'go' | 'cancel', command: string, ...args: unknown[]) =>
    whileAnswering(answer, () => vscode.commands.executeCommand(`heatlens.${command}`, ...args));
  const tabs = (): number => vscode.window.tabGroups.all.flatMap((group) => group.tabs).length;

  it('write no file that the user has not confirmed, and replace none', async () => {
    await vscode.commands.executeCommand('heatlens.showFlameGraph', profile);
    const kept = join(folder, 'kept.folded');
    writeFileSync(kept, 'before');
    for (const format of ['folded', 'svg', 'html']) {
      const refused = await run('cancel', 'exportFlameGraph', { format, uri: vscode.Uri.file(kept) });
      assert.deepEqual(refused.questions, ['Replace kept.folded with the flame graph?']);
      const absent = await run('cancel', 'exportFlameGraph', { format, uri: vscode.Uri.file(join(folder, 'new.x')) });
      assert.deepEqual(absent.questions, ['Write the flame graph to new.x?']);
    }
    assert.equal(readFileSync(kept, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['kept.folded']);
    await run('go', 'exportFlameGraph', { format: 'folded', uri: vscode.Uri.file(kept) });
    assert.notEqual(readFileSync(kept, 'utf8'), 'before');
  }).timeout(60_000);

  it('write to no other place than a file of this machine', async () => {
    await vscode.commands.executeCommand('heatlens.showFlameGraph', profile);
    for (const uri of [
      vscode.Uri.parse('http://other-host/x.folded'),
      vscode.Uri.parse('file://other-host/share/x.folded'),
      vscode.Uri.parse('vscode-userdata:/User/settings.json'),
      vscode.Uri.file('/dev/tty'),
    ]) {
      const { questions, errors } = await run('go', 'exportFlameGraph', { format: 'folded', uri });
      assert.deepEqual(questions, [], uri.toString());
      assert.match(errors.join(), /is no file of this machine/, uri.toString());
    }
    const unknown = await run('go', 'exportFlameGraph', { format: 'exe', uri: vscode.Uri.file(join(folder, 'x.exe')) });
    assert.deepEqual([unknown.questions, unknown.errors], [[], []]);
    assert.ok(!existsSync(join(folder, 'x.exe')));
  }).timeout(60_000);

  it('open nothing of another machine or kind', async () => {
    const before = tabs();
    // The same text twice in a row is said once: each call has a name of its own.
    let count = 0;
    const strange = ['http://other-host/', 'file://other-host/share/', 'git:/', 'vscode-userdata:/', 'file:///dev/'];
    const commands: readonly ((uri: vscode.Uri) => readonly [command: string, ...args: unknown[]])[] = [
      (uri) => ['showFlameGraph', uri],
      (uri) => ['compareProfiles', { before: profile, after: uri }],
      (uri) => ['compareProfiles', { before: uri, after: profile }],
      (uri) => ['openProfile', uri],
      (uri) => ['openProfile', profile, [profile, uri]],
      (uri) => ['openPlanFile', uri],
      (uri) => ['openStatement', uri.toString(), 0, 0],
      (uri) => ['explainStatement', uri.toString(), 0, 0],
      (uri) => ['showExplainResult', uri.toString(), 0, 0],
      (uri) => ['launchScript', uri],
    ];
    for (const place of strange) {
      for (const callOf of commands) {
        const [command, ...args] = callOf(vscode.Uri.parse(`${place}${count++}.cpuprofile`));
        const { questions, errors } = await run('go', command, ...args);
        assert.deepEqual(questions, [], `${command} ${place}`);
        assert.match(errors.join(), /is no file of this machine/, `${command} ${place}`);
      }
    }
    assert.equal(tabs(), before);
  }).timeout(60_000);

  it('lead only to methods that were measured', async () => {
    const before = tabs();
    for (const file of ['/etc/hostname', '//other-host/share/x.js', pricingUri.fsPath]) {
      await run('go', 'goToMethod', file, 0, 0);
    }
    assert.equal(tabs(), before);
  });

  it('start no script and open no connection before the user said so', async () => {
    const script = vscode.Uri.file(join(workspaceFolder, 'lib/service.js'));
    const running = vscode.tasks.taskExecutions.length;
    const start = await run('cancel', 'launchScript', script);
    assert.deepEqual(start.questions, ['Start service.js with Node and measure it?']);
    assert.equal(vscode.tasks.taskExecutions.length, running);

    const { port } = server.address() as AddressInfo;
    const add = await run('cancel', 'addMongoConnection', `mongodb://ada:very-secret@127.0.0.1:${port}/shop`);
    assert.deepEqual(add.questions, [`Connect to 127.0.0.1:${port}/shop, and keep the connection?`]);
    assert.equal(add.result, undefined);
    assert.equal(connections, 0);
    const none = await run('go', 'addMongoConnection', 'http://other-host/');
    assert.deepEqual([none.questions.length, none.errors.length, connections], [0, 1, 0]);
  }).timeout(60_000);

  it('are no rows of a view that it never showed', async () => {
    await vscode.env.clipboard.writeText('mine');
    const index = { name: 'x', columns: [{ path: 'evil', order: 1 }], options: {} };
    await run('go', 'copyMongoIndex', { connection: 'x', database: 'd', collection: 'c', index });
    assert.equal(await vscode.env.clipboard.readText(), 'mine');
  });

  it('of the wrong kind are no defect of ours', async () => {
    await vscode.commands.executeCommand('heatlens.showFlameGraph', profile);
    const odd = [null, 5, 'x', [], {}, { method: null }, { method: { heat: {} } }, { target: null }, { $mid: 1 }];
    const commands = ['goToMethod', 'openStatement', 'detachTarget', 'copyMongoIndex', 'findShapeStatements'];
    for (const given of odd) {
      for (const command of [...commands, 'showInFlameGraph']) {
        for (const rest of [[], [-1, -1], [NaN, 'x'], [0, 1e300]]) {
          const { questions, errors } = await run('cancel', command, given, ...rest);
          assert.deepEqual(questions, []);
          assert.doesNotMatch(errors.join(), /Heatlens failed/, `${command} ${JSON.stringify([given, ...rest])}`);
        }
      }
    }
  }).timeout(60_000);

  it('that name a pipe are answered', async () => {
    const pipe = join(folder, 'pipe.cpuprofile');
    execFileSync('mkfifo', [pipe]);
    await vscode.commands.executeCommand('heatlens.showFlameGraph', vscode.Uri.file(pipe));
    await waitFor('its tab', () => flameTabs().length > 0);
    const { errors } = await run('go', 'openPlanFile', vscode.Uri.file(pipe));
    assert.match(errors.join(), /pipe\.cpuprofile is not a file/);
  }).timeout(60_000);
});
