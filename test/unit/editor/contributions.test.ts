import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeatTheme } from '../../../src/core/heat/scale';
import { bucketCount, heatColor, heatGround } from '../../../src/core/heat/scale';
import {
  commandId,
  commands,
  configurationSection,
  contextKeys,
  customEditors,
  explainCommands,
  explainPanel,
  flameCommands,
  flamePanel,
  heatColorId,
  heatGroundColorId,
  internalCommands,
  mongoCommands,
  settingDefaults,
  statementLanguages,
  views,
} from '../../../src/editor/contributions';
import { hoverCommands } from '../../../src/editor/hover/hoverMarkdown';
import { repositoryRoot } from '../../support/nodeVersions';

/** The view container, named in package.json alone. */
const viewContainer = 'heatlens';
/** Whatever shows a flame graph is in front. */
const flameInFront = 'activeCustomEditorId =~ /^heatlens\\.flame/ || activeWebviewPanelId == heatlens.flameGraph';

interface Setting {
  default: unknown;
  description: string;
  enum?: unknown[];
  enumDescriptions?: unknown[];
  type: string;
}

interface Manifest {
  activationEvents: string[];
  icon: string;
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    keybindings: { command: string; key: string; when: string }[];
    customEditors: {
      viewType: string;
      displayName: string;
      priority: string;
      selector: { filenamePattern: string }[];
    }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; when: string; contents: string }[];
    colors: { id: string; defaults: Record<HeatTheme, string> }[];
    configuration: { properties: Record<string, Setting> }[];
    walkthroughs: { steps: { media: { markdown: string } }[] }[];
  };
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8')) as T;
}

const manifest = readJson<Manifest>('package.json');
const nls = readJson<Record<string, string>>('package.nls.json');
const manifestText = readFileSync(join(repositoryRoot, 'package.json'), 'utf8');
const { contributes } = manifest;
const sorted = (values: Iterable<string>): string[] => [...values].sort();

describe('contributions', () => {
  it('contribute exactly the commands of the table', () => {
    assert.deepEqual(
      sorted(contributes.commands.map(({ command }) => command)),
      sorted(commands.map((name) => commandId(name))),
    );
    for (const { command, category } of contributes.commands) assert.equal(category, 'Heatlens', command);
  });

  it('contribute exactly the settings of the table, with its defaults', () => {
    const properties = Object.assign({}, ...contributes.configuration.map((section) => section.properties)) as Record<
      string,
      Setting
    >;
    const defaults = Object.fromEntries(
      Object.entries(properties).map(([id, { default: value }]) => [id.slice(configurationSection.length + 1), value]),
    );
    assert.deepEqual(defaults, settingDefaults);
    for (const [id, setting] of Object.entries(properties)) {
      assert.equal(setting.enum?.length, setting.enumDescriptions?.length, id);
      const text = nls[setting.description.slice(1, -1)];
      assert.match(text, /^[^.]+\.$/, `${id}: one short sentence`);
    }
  });

  it('have views, colours and context keys of the tables only', () => {
    assert.deepEqual(sorted(Object.keys(contributes.views)), [viewContainer]);
    assert.deepEqual(sorted(contributes.views[viewContainer].map(({ id }) => id)), sorted(Object.values(views)));
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewContainer],
    );
    const whens = manifestText.match(/"when": "[^"]+"/g) ?? [];
    const keys = whens.flatMap((when) => when.match(/heatlens\.\w+/g) ?? []);
    const known = new Set<string>([
      ...contextKeys,
      ...Object.values(views),
      flamePanel,
      explainPanel,
      ...Object.values(customEditors),
    ]);
    assert.deepEqual(
      keys.filter((key) => !known.has(key)),
      [],
    );
    assert.deepEqual(
      contextKeys.filter((key) => !keys.includes(key)),
      [],
      'a key that nothing asks for',
    );
  });

  it('contribute the colours of the scale', () => {
    assert.equal(contributes.colors.length, 2 * bucketCount);
    for (let bucket = 1; bucket <= bucketCount; bucket++) {
      const color = contributes.colors.find(({ id }) => id === heatColorId(bucket));
      const ground = contributes.colors.find(({ id }) => id === heatGroundColorId(bucket));
      for (const theme of Object.keys(color?.defaults ?? {}) as HeatTheme[]) {
        assert.equal(color?.defaults[theme], heatColor(theme, bucket));
        assert.equal(ground?.defaults[theme], heatGround(theme, bucket));
      }
      assert.deepEqual(Object.keys(color?.defaults ?? {}), ['dark', 'light', 'highContrast', 'highContrastLight']);
    }
  });

  it('have a text for each key, and a key for each text', () => {
    const keys = (manifestText.match(/"%[\w.]+%"/g) ?? []).map((key) => key.slice(2, -2));
    assert.deepEqual(sorted(new Set(keys)), sorted(Object.keys(nls)));
    for (const [key, text] of Object.entries(nls)) assert.ok(text.trim(), key);
  });

  it('run existing commands from menus, keys, welcome views, walkthroughs and hovers', () => {
    const ids = new Set([...commands, ...internalCommands].map((name) => commandId(name)));
    const inMenus = Object.values(contributes.menus)
      .flat()
      .map(({ command }) => command);
    const inTexts = Object.values(nls).flatMap((text) => text.match(/command:heatlens\.\w+/g) ?? []);
    const used = [...inMenus, ...contributes.keybindings.map(({ command }) => command), ...hoverCommands];
    assert.ok(
      inMenus.length > 0 && inTexts.length > 0 && contributes.keybindings.length > 0 && hoverCommands.length > 0,
    );
    for (const id of [...used, ...inTexts.map((link) => link.slice('command:'.length))]) assert.ok(ids.has(id), id);
  });

  it('hide from the palette what cannot run there', () => {
    const palette = new Map(contributes.menus['commandPalette'].map(({ command, when }) => [command, when]));
    assert.equal(palette.get(commandId('detachTarget')), 'false');
    assert.equal(palette.get(commandId('pause')), 'heatlens.attached && !heatlens.paused');
  });

  it('ask for trust before anything is explained, and for a connection before anything is done with one', () => {
    const enablement = new Map(contributes.commands.map(({ command, enablement: when }) => [command, when]));
    const anywhere = [
      'copyStatementAsShell',
      'openPlanFile',
      'clearExplainResults',
      'nextPlanFinding',
      'previousPlanFinding',
      'toggleRawPlan',
    ];
    const ofConnection = ['renameMongoConnection', 'removeMongoConnection', 'disconnectMongo', 'copyMongoIndex'];
    for (const name of [...explainCommands, ...mongoCommands]) {
      const expected = [...anywhere, ...ofConnection].includes(name) ? undefined : 'isWorkspaceTrusted';
      assert.equal(enablement.get(commandId(name)), expected, name);
    }
    const palette = new Map(contributes.menus['commandPalette'].map(({ command, when }) => [command, when]));
    for (const name of ['pickMongoDatabase', 'testMongoConnection', ...ofConnection.slice(0, 3)]) {
      assert.equal(palette.get(commandId(name as 'pickMongoDatabase')), 'heatlens.hasMongoConnections', name);
    }
  });

  it('activate by language, never at startup', () => {
    const panels = [`onWebviewPanel:${flamePanel}`, `onWebviewPanel:${explainPanel}`];
    assert.deepEqual(manifest.activationEvents, [
      ...statementLanguages.map((language) => `onLanguage:${language}`),
      ...panels,
    ]);
  });

  it('name files that exist', () => {
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.views[viewContainer].map(({ icon }) => icon),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ];
    for (const file of files) assert.ok(existsSync(join(repositoryRoot, file)), file);
  });

  it('bind keys only while there is heat, those of flame graphs only while one is in front', () => {
    const flame = new Set(flameCommands.map((name) => commandId(name)));
    for (const { command, key, when } of contributes.keybindings)
      assert.equal(when, flame.has(command) ? flameInFront : 'heatlens.hasHeat', key);
  });

  it('offer the flame graph for every format, in place of the editor only where nothing else opens it', () => {
    assert.deepEqual(
      sorted(contributes.customEditors.map(({ viewType }) => viewType)),
      sorted(Object.values(customEditors)),
    );
    const byPriority = (priority: string): string[] =>
      contributes.customEditors
        .filter((editor) => editor.priority === priority)
        .flatMap(({ selector }) => selector.map(({ filenamePattern }) => filenamePattern));
    assert.deepEqual(byPriority('option'), ['*.cpuprofile', '*.heapprofile', '*.speedscope.json', '*.folded']);
    assert.deepEqual(byPriority('default'), ['*.pprof', '*.pb.gz']);
  });

  it('offer what acts on a flame graph only while one is in front', () => {
    const palette = new Map(contributes.menus['commandPalette'].map(({ command, when }) => [command, when]));
    const anywhere = ['showFlameGraph', 'showInFlameGraph', 'compareProfiles'];
    for (const name of flameCommands) {
      if (!anywhere.includes(name)) assert.equal(palette.get(commandId(name)), flameInFront, name);
    }
    for (const { command, when } of contributes.menus['editor/title']) {
      const ofPlan = explainCommands.some((name) => commandId(name) === command);
      if (ofPlan) assert.equal(when, `activeWebviewPanelId == ${explainPanel}`, command);
      else if (command !== commandId('openProfile')) assert.equal(when, flameInFront, command);
    }
  });
});
