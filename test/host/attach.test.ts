import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HeatSnapshot } from '../../src/core/heat/heatSnapshot';
import type { Lens, Service } from './support';
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
} from './support';

/** Percentages as a lens shows them, 0..100. */
function shares({ title }: Lens): { total: number; self: number } {
  const match = /([\d.]+) % total · [~<]?([\d.]+)(?: ± [\d.]+)? % self/.exec(title);
  assert.ok(match, `no shares in "${title}"`);
  return { total: Number(match[1]), self: Number(match[2]) };
}

async function lensAt(line: number, what = 'a lens'): Promise<Lens> {
  return waitFor(`${what} on line ${line}`, async () =>
    (await lensesOf(pricingUri)).find((lens) => lens.line === line),
  );
}

function methodNamed(snapshot: HeatSnapshot, name: string): HeatSnapshot['methods'][number] | undefined {
  return snapshot.methods.find(({ source }) => source.method.qualifiedName === name && source.file === pricingFile);
}

describe('a process that was started without any flag', () => {
  let service: Service;
  let portsBefore: number[];
  const scoreLine = lineOf('score(rounds: number)');
  const discountLine = lineOf('discount(rounds: number)');

  before(async () => {
    service = await startService();
    portsBefore = await listeningPorts(service.pid);
  });

  after(async () => {
    await vscode.commands.executeCommand('heatlens.detach');
    await vscode.commands.executeCommand('heatlens.clear');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await service.stop();
  });

  it('is attached to by its id, and opens one loopback port for it', async () => {
    await attachTo(service.pid);
    const { getSnapshot } = await heatlens();
    const snapshot = await waitFor('heat of the service', () => {
      const heat = getSnapshot();
      return heat && methodNamed(heat, 'Pricing.score') && heat.cpu.samples > 50 ? heat : undefined;
    });
    assert.equal(snapshot.targets[0].pid, service.pid);
    assert.notEqual(snapshot.accuracy, 'exact');
    assert.equal((await listeningPorts(service.pid)).length, portsBefore.length + 1);
  });

  it('has lenses on the lines of its TypeScript methods, the hot one hotter than the warm one', async () => {
    await vscode.window.showTextDocument(pricingUri);
    const { getSnapshot } = await heatlens();
    // Before, the service is still being compiled, and what has been sampled tells little. It is busy for a tenth to a
    // half of its time, and sampled every 5 ms.
    const sampled = (): number => getSnapshot()?.cpu.samples ?? 0;
    await waitFor('150 samples', () => sampled() > 150 || Promise.reject(new Error(`${sampled()}`)), 25_000);
    const score = await lensAt(scoreLine);
    const discount = await lensAt(discountLine);
    // About four fifths and a fifth by their own clock.
    assert.ok(shares(score).self > 30, score.title);
    assert.ok(shares(discount).self > 5 && shares(discount).self < shares(score).self, discount.title);
    assert.ok(shares(score).total <= 100.5, score.title);
  });

  it('has no lens on a method that was never called', async () => {
    const lenses = await lensesOf(pricingUri);
    assert.ok(!lenses.some(({ line }) => line === lineOf('describe(): string')), JSON.stringify(lenses));
  });

  it('has a hover with self time, total time and callers', async () => {
    const place = new vscode.Position(scoreLine - 1, 4);
    const text = await waitFor('a hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        pricingUri,
        place,
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((part) => (typeof part === 'string' ? part : part.value)),
      );
      return texts.find((value) => value.includes('score'));
    });
    assert.match(text, /self/i);
    assert.match(text, /total/i);
    assert.match(text, /turn/, 'its caller');
  });

  it('gets numbers for allocated and live bytes', async () => {
    const { getSnapshot } = await heatlens();
    const remember = await waitFor(
      'bytes of the method that allocates',
      () => {
        const heat = getSnapshot();
        const method = heat && methodNamed(heat, 'Pricing.remember');
        if (heat?.memory.allocatedInterval && heat.memory.liveInterval && method) return method;
        throw new Error(JSON.stringify({ memory: heat?.memory, cost: heat?.targets[0]?.cost, method: method?.memory }));
      },
      40_000,
    );
    assert.ok(remember.memory.allocatedBytes > 100_000, String(remember.memory.allocatedBytes));
    const most = getSnapshot()?.methods.toSorted((a, b) => b.memory.allocatedBytes - a.memory.allocatedBytes)[0];
    assert.equal(most?.source.method.qualifiedName, 'Pricing.remember');
  }).timeout(60_000);

  it('keeps its lenses at their methods while the file is edited, and marks a changed method', async () => {
    const editor = await vscode.window.showTextDocument(pricingUri);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one\n// two\n// three\n'));
    const moved = await lensAt(scoreLine + 3, 'the lens that moved');
    assert.ok(!moved.title.includes('edited'), moved.title);

    const body = new vscode.Position(lineOf('let share = 1;') - 1 + 3, 0);
    await editor.edit((edit) => edit.insert(body, '    const somethingNew = 1;\n'));
    const changed = await waitFor('the mark of the changed method', async () =>
      (await lensesOf(pricingUri)).find(({ line, title }) => line === discountLine + 3 && title.includes('edited')),
    );
    assert.match(changed.title, /edited since measured/);
    const untouched = await lensAt(scoreLine + 3);
    assert.ok(!untouched.title.includes('edited'), untouched.title);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await lensAt(scoreLine, 'the lens that came back');
  });

  it('stops and goes on measuring', async () => {
    const { getSnapshot } = await heatlens();
    await vscode.commands.executeCommand('heatlens.pause');
    await waitFor('the pause', () => getSnapshot()?.targets[0].state === 'paused');
    await vscode.commands.executeCommand('heatlens.resume');
    await waitFor('the end of the pause', () => getSnapshot()?.targets[0].state === 'measuring');
  });

  it('serves on after detaching, with the port closed again, and its heat stays', async () => {
    await vscode.commands.executeCommand('heatlens.detach');
    assert.deepEqual(await listeningPorts(service.pid), portsBefore);
    const turns = await service.turns();
    await waitFor('more turns of the service', async () => (await service.turns()) > turns);
    const score = await lensAt(scoreLine, 'the lens that stays');
    assert.ok(shares(score).self > 30, score.title);
  });

  it('loses its heat when it is cleared', async () => {
    await vscode.commands.executeCommand('heatlens.clear');
    await waitFor('no lens', async () => (await lensesOf(pricingUri)).length === 0);
  });
});

describe('a process that is killed while it is measured', () => {
  it('keeps what was measured, and leaves nothing attached', async () => {
    const service = await startService();
    try {
      await attachTo(service.pid);
      const { getSnapshot } = await heatlens();
      await waitFor('heat', () => (getSnapshot()?.methods.length ?? 0) > 0);
      await service.stop();
      const ended = await waitFor('its end', () => {
        const heat = getSnapshot();
        return heat?.targets[0].state === 'ended' ? heat : undefined;
      });
      assert.ok(methodNamed(ended, 'Pricing.score'));
    } finally {
      await service.stop();
      await vscode.commands.executeCommand('heatlens.clear');
    }
  });
});
