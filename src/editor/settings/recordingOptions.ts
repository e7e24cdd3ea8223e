import type { PathMapping, RecordingOptions } from '../../node/recording/recordingTypes';
import type { Settings } from '../contributions';
import { settingDefaults } from '../contributions';
import type { Folder } from '../workspace/folders';

/** Limits of package.json, applied again because a settings file may say anything. */
const limits = {
  cpuSamplingInterval: [50, 1_000_000],
  heapSamplingInterval: [1024, 67_108_864],
  interruptBudget: [0, 10],
  refreshInterval: [500, 60_000],
  slidingWindow: [2, 86_400],
  threshold: [0, 100],
  exactDuration: [2, 120],
} as const;

export function limited(name: keyof typeof limits, value: unknown): number {
  const [low, high] = limits[name];
  const number = typeof value === 'number' && Number.isFinite(value) ? value : settingDefaults[name];
  return Math.min(Math.max(number, low), high);
}

export function recordingOptions(
  settings: Settings,
  folders: readonly Folder[],
  extraMappings: readonly PathMapping[] = [],
): RecordingOptions {
  return {
    cpuIntervalUs: Math.round(limited('cpuSamplingInterval', settings.cpuSamplingInterval)),
    heapIntervalBytes: Math.round(limited('heapSamplingInterval', settings.heapSamplingInterval)),
    interruptBudget: limited('interruptBudget', settings.interruptBudget) / 100,
    memory: settings.memory,
    refreshMs: Math.round(limited('refreshInterval', settings.refreshInterval)),
    window:
      settings.window === 'sliding'
        ? { slidingMs: limited('slidingWindow', settings.slidingWindow) * 1000 }
        : 'cumulative',
    pathMappings: [...extraMappings, ...pathMappings(settings.pathMappings, folders)],
    followChildren: settings.followChildren,
    roots: folders.map((folder) => folder.path),
  };
}

/** With `${workspaceFolder}` and `${workspaceFolder:name}` filled in; entries that are not usable are left out. */
export function pathMappings(entries: unknown, folders: readonly Folder[]): PathMapping[] {
  if (!Array.isArray(entries)) return [];
  const found: PathMapping[] = [];
  for (const entry of entries as unknown[]) {
    const { remote, local } = (entry ?? {}) as Partial<Record<keyof PathMapping, unknown>>;
    if (typeof remote !== 'string' || typeof local !== 'string' || !remote || !local) continue;
    const filled = local.replace(/\$\{workspaceFolder(?::([^}]+))?\}/g, (text, name?: string) => {
      const folder = name ? folders.find((candidate) => candidate.name === name) : folders[0];
      return folder?.path ?? text;
    });
    if (!filled.includes('${')) found.push({ remote, local: filled });
  }
  return found;
}

/** Only what differs, for `Recording.updateOptions`; undefined when nothing does. */
export function changedOptions(
  before: RecordingOptions,
  after: RecordingOptions,
): Partial<RecordingOptions> | undefined {
  const changed = (Object.keys(after) as (keyof RecordingOptions)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return changed.length ? Object.fromEntries(changed.map((key) => [key, after[key]])) : undefined;
}
