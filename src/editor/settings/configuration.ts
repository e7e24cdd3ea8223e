import * as vscode from 'vscode';
import type { Settings } from '../contributions';
import { configurationSection, settingDefaults } from '../contributions';

export function setting<K extends keyof Settings>(name: K): Settings[K] {
  return vscode.workspace.getConfiguration(configurationSection).get<Settings[K]>(name) ?? settingDefaults[name];
}

export function allSettings(): Settings {
  const names = Object.keys(settingDefaults) as (keyof Settings)[];
  return Object.fromEntries(names.map((name) => [name, setting(name)])) as unknown as Settings;
}

/** Writes to where the user has set it already, else to the user settings. */
export async function updateSetting<K extends keyof Settings>(name: K, value: Settings[K]): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(configurationSection);
  const inspected = configuration.inspect(name);
  const target =
    inspected?.workspaceFolderValue !== undefined || inspected?.workspaceValue !== undefined
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
  await configuration.update(name, value, target);
}

export function onSettingsChange(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(configurationSection)) listener();
  });
}
