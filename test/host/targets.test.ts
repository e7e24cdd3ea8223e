import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { executeAndGo } from './dialogs';
import type { Service } from './support';
import {
  attachTo,
  heatlens,
  lensesOf,
  lineOf,
  listeningPorts,
  pricingFile,
  pricingUri,
  startService,
  waitFor,
  workspaceFolder,
} from './support';

const measuring = async (count: number): Promise<readonly { readonly id: string; readonly pid?: number }[]> => {
  const { getSnapshot } = await heatlens();
  return waitFor(`${count} measured targets`, () => {
    const targets = getSnapshot()?.targets.filter(({ state }) => state === 'measuring') ?? [];
    return targets.length === count ? targets : undefined;
  });
};

function scoreShare(snapshot: ReturnType<Awaited<ReturnType<typeof heatlens>>['getSnapshot']>): number | undefined {
  return snapshot?.methods.find(({ source }) => source.file === pricingFile && source.method.name === 'score')?.cpu
    .selfShare;
}

describe('two services at once', () => {
  let services: Service[] = [];

  before(async () => {
    services = await Promise.all([startService(), startService()]);
  });

  after(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await vscode.commands.executeCommand('heatlens.clear');
  });

  it('are measured each as itself', async () => {
    for (const { pid } of services) await attachTo(pid);
    const targets = await measuring(2);
    assert.deepEqual(new Set(targets.map(({ pid }) => pid)), new Set(services.map(({ pid }) => pid)));
  });

  it('are detached one by one, and the other is measured on', async () => {
    const [first, second] = services;
    const target = (await measuring(2)).find(({ pid }) => pid === first.pid);
    await vscode.commands.executeCommand('heatlens.detachTarget', { target });
    assert.deepEqual(
      (await measuring(1)).map(({ pid }) => pid),
      [second.pid],
    );
    assert.equal((await listeningPorts(first.pid)).length, 1, 'its own port and no inspector');
    assert.equal((await listeningPorts(second.pid)).length, 2);
    await vscode.commands.executeCommand('heatlens.detach');
    assert.equal((await listeningPorts(second.pid)).length, 1);
    await Promise.all(services.map((service) => service.turns()));
  });
});

describe('exact mode', () => {
  let service: Service;

  before(async () => {
    service = await startService();
    await vscode.workspace.getConfiguration('heatlens').update('exactDuration', 2, vscode.ConfigurationTarget.Global);
  });

  after(async () => {
    await vscode.commands.executeCommand('heatlens.detach');
    await vscode.commands.executeCommand('heatlens.clear');
    await vscode.workspace
      .getConfiguration('heatlens')
      .update('exactDuration', undefined, vscode.ConfigurationTarget.Global);
    await service.stop();
  });

  it('marks its numbers as exact, on the lens too, until the ordinary ones are asked for', async () => {
    const { getSnapshot } = await heatlens();
    await attachTo(service.pid);
    await measuring(1);
    await vscode.commands.executeCommand('heatlens.measureExactly');
    await waitFor('exact numbers', () => getSnapshot()?.accuracy === 'exact');
    const hottest = getSnapshot()?.methods.toSorted((a, b) => b.cpu.selfMs - a.cpu.selfMs)[0];
    assert.equal(hottest?.source.method.qualifiedName, 'Pricing.score');
    const line = lineOf('score(rounds: number)');
    const lens = await waitFor('its lens', async () => (await lensesOf(pricingUri)).find((each) => each.line === line));
    assert.match(lens.title, /exact$/);

    await vscode.commands.executeCommand('heatlens.showApproximate');
    await waitFor('ordinary numbers', () => getSnapshot()?.accuracy !== 'exact');
    await service.turns();
  }).timeout(60_000);
});

describe('a script that is launched', () => {
  it('is measured from its start', async () => {
    const { getSnapshot } = await heatlens();
    await executeAndGo('heatlens.launchScript', vscode.Uri.file(join(workspaceFolder, 'lib/service.js')));
    try {
      await waitFor('its heat', () => scoreShare(getSnapshot()) !== undefined, 30_000);
      assert.match(getSnapshot()?.targets[0].label ?? '', /service\.js/);
    } finally {
      await vscode.commands.executeCommand('heatlens.detach');
      for (const execution of vscode.tasks.taskExecutions) execution.terminate();
      await vscode.commands.executeCommand('heatlens.clear');
    }
  }).timeout(60_000);
});
