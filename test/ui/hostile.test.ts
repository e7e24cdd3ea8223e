import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { answerFileDialog, flame, select, viewTab } from './flamePage';
import { inWindow, lens, page, runCommand, screenshot } from './workbench';

const LINK = '[Show the source](command:workbench.action.quickOpen?%22%3Echosen%20by%20the%20profile%22)';
const ICON = '$(zap) [web](https://example.org/x) www.example.org - list';
const names = {
  source: 'hostile.js',
  profile: '$(zap) [a](command:workbench.action.quickOpen).cpuprofile',
  broken: '[Repair it](command:workbench.action.quickOpen).cpuprofile',
};

/** Two methods of a file on one line, so that lenses name them; and two of a script that lies nowhere. */
const SOURCE = `const spin = (ms) => { const end = Date.now() + ms; while (Date.now() < end) Math.sqrt(end); };
const here = { ${JSON.stringify(ICON)}() { spin(400); }, ${JSON.stringify(LINK)}() { spin(400); } };
const text = \`(spin) => ({ \${JSON.stringify(${JSON.stringify(LINK)})}(run) { run(); spin(400); }, \${JSON.stringify(${JSON.stringify(ICON)})}(run) { run(); spin(400); } })\`;
const gone = new (require('node:vm').Script)(text, { filename: '/srv/nowhere/x.js' }).runInThisContext()(spin);
for (const own of Object.values(here)) for (const other of Object.values(gone)) other(own);
`;

/** What the editor makes of markup in a text: none of it is ours. */
async function assertText(place: Locator, text: RegExp): Promise<void> {
  await place.first().waitFor();
  const said = (await place.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  assert.match(said, text);
  assert.equal(await place.locator('.codicon-zap').count(), 0, `no icon in ${said}`);
  const links = await place
    .locator('a[href], a[data-href]')
    .evaluateAll((all) => all.map((link) => link.getAttribute('data-href') ?? link.getAttribute('href') ?? ''));
  assert.deepEqual(
    links.filter((link) => link && link !== '#' && !link.startsWith('command:heatlens.')),
    [],
    `no link in ${said}`,
  );
}

describe('names that act, in the editor', function () {
  this.timeout(240_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-hostile-'));
    writeFileSync(join(folder, names.source), SOURCE);
    const options = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-name', 'plain.cpuprofile'];
    await promisify(execFile)('node', [...options, join(folder, names.source)], { timeout: 60_000 });
    copyFileSync(join(folder, 'plain.cpuprofile'), join(folder, names.profile));
    assert.ok(readFileSync(join(folder, names.profile), 'utf8').includes('nowhere'));
    writeFileSync(join(folder, names.broken), '{"nodes":');
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const own of ['trusted', 'restricted'] as const)
    it(`are text in a ${own} window`, async () => {
      await inWindow({ folder, file: join(folder, names.source), own }, async () => {
        const restricted = page().locator('.statusbar-item', { hasText: 'Restricted Mode' });
        await page().locator('.tab.active', { hasText: names.source }).waitFor();
        if (own === 'restricted') await restricted.waitFor();
        else assert.equal(await restricted.count(), 0);

        await runCommand('Heatlens: Open Profile File');
        await answerFileDialog(join(folder, names.profile));
        await lens(/ total/).waitFor({ timeout: 60_000 });
        await assertText(
          page().locator('.codelens-decoration'),
          /\$.\(zap\) \[web\].\(https[^]*\[Show the source\].\(command/,
        );
        await assertText(
          page().locator('#heatlens\\.heatlens\\.heatlens\\.state, [id*="heatlens.state"]'),
          /\$.\(zap\) \[a\].\(command/,
        );

        await runCommand('View: Show Heatlens');
        const rows = page().locator('.part.sidebar .monaco-list-row');
        await rows.filter({ hasText: 'Show the source' }).first().waitFor();
        await rows
          .filter({ hasText: 'Not mapped' })
          .first()
          .click()
          .catch(() => undefined);
        await assertText(page().locator('.part.sidebar'), /\$.\(zap\) \[web\]/);
        await screenshot(`hostile-views-${own}`);

        await runCommand('View: Focus Active Editor Group');
        // It is called by the others.
        await page()
          .locator('.view-line', { hasText: 'const spin' })
          .locator('span', { hasText: /^spin$/ })
          .first()
          .hover();
        const hover = page()
          .locator('.monaco-hover:visible', { hasText: /Called by/ })
          .first();
        await assertText(hover, /here\.\$\(zap\) \[web\]\(https:\/\/example\.org\/x\) www\.example\.org - list/);
        await assertText(hover, /here\.\[Show the source\]\(command:workbench/);
        await sleep(500);
        await screenshot(`hostile-hover-${own}`);

        await runCommand('Heatlens: Open Profile File');
        await answerFileDialog(join(folder, names.broken));
        // Here those are, too, that went by themselves.
        await runCommand('Notifications: Show Notifications');
        const toasts = page().locator('.notifications-center .notification-list-item');
        await assertText(toasts.filter({ hasText: 'Repair it' }), /\[Repair it\].\(command:workbench/);

        await runCommand('View: Show Explorer');
        await page().locator('.explorer-folders-view .monaco-list-row', { hasText: names.profile }).dblclick();
        await viewTab('leftHeavy').waitFor();
        await flame()
          .locator('.detail-total', { hasText: /samples/ })
          .waitFor();
        await assertText(page().locator('.tab.active'), /zap/);
        await select('Show the source');
        await page().keyboard.press('Escape');
        await flame().locator('.detail-place').click();
        await runCommand('Notifications: Show Notifications');
        const said = toasts.filter({ hasText: 'Show the source' });
        await assertText(said, /\[Show the source\].\(command:workbench\.action\.quickOpen/);
        assert.equal(await said.locator('.notification-list-item-message a').count(), 0);
        await screenshot(`hostile-message-${own}`);

        await runCommand('Heatlens: Export Flame Graph');
        const quickInput = page().locator('.quick-input-widget');
        await quickInput.locator('.quick-input-title', { hasText: 'Export' }).waitFor();
        await assertText(quickInput, /Export \$.\(zap\) \[a\].\(command/);
        await screenshot(`hostile-pick-${own}`);
        await page().keyboard.press('Escape');
      });
    });
});
