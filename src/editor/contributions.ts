import type { Measure } from '../core/heat/measures';

/**
 * Every id that package.json and the code have in common, once. No import of `vscode` here: a unit test compares these
 * tables with package.json and package.nls.json.
 */

/** Contributed commands of flame graphs, `heatlens.` left out. */
export const flameCommands = [
  'showFlameGraph',
  'showInFlameGraph',
  'compareProfiles',
  'exportFlameGraph',
  'findInFlameGraph',
  'nextFlameMatch',
  'previousFlameMatch',
  'resetFlameZoom',
  'flameTimeOrder',
  'flameLeftHeavy',
  'flameInverted',
  'flameSandwich',
  'flameTable',
  'flameDifference',
] as const;

/** Contributed commands of statements and their plans, whatever the database; `heatlens.` left out. */
export const explainCommands = [
  'explainQuery',
  'explainAgain',
  'copyStatementAsShell',
  'openPlanFile',
  'clearExplainResults',
  'nextPlanFinding',
  'previousPlanFinding',
  'toggleRawPlan',
] as const;

/** Contributed commands of connections to MongoDB and of what is seen over them, `heatlens.` left out. */
export const mongoCommands = [
  'addMongoConnection',
  'pickMongoConnection',
  'pickMongoDatabase',
  'renameMongoConnection',
  'removeMongoConnection',
  'testMongoConnection',
  'disconnectMongo',
  'refreshMongo',
  'showCollectionFacts',
  'copyMongoIndex',
  'showMongoProfiler',
  'setMongoProfilingLevel',
  'findShapeStatements',
] as const;

/** Contributed commands of what is measured and of heat, `heatlens.` left out. */
const heatCommands = [
  'attachToProcess',
  'attachToHost',
  'launchScript',
  'detach',
  'detachTarget',
  'pause',
  'resume',
  'reset',
  'clear',
  'setSamplingInterval',
  'measureExactly',
  'calibrateBytes',
  'showApproximate',
  'openProfile',
  'selectTargets',
  'showHotMethods',
  'nextHotMethod',
  'previousHotMethod',
  'sortHotMethods',
  'groupHotMethods',
  'showOwnCodeOnly',
  'showAllCode',
  'toggleDisplay',
  'copyAgentCommand',
  'openLog',
] as const;

/** Registered, not contributed: they need arguments, and only our own lenses, hovers, links and items run them. */
const internalHeatCommands = ['goToMethod', 'showMenu'] as const;
export const internalExplainCommands = [
  'explainStatement',
  'showExplainResult',
  'copySuggestedIndex',
  'trySuggestedIndex',
  'openStatement',
] as const;

/** All contributed commands, and all others. */
export const commands = [...heatCommands, ...flameCommands, ...explainCommands, ...mongoCommands] as const;
export const internalCommands = [...internalHeatCommands, ...internalExplainCommands] as const;

export type HeatCommandName = (typeof heatCommands)[number] | (typeof internalHeatCommands)[number];
export type FlameCommandName = (typeof flameCommands)[number];
export type ExplainCommandName = (typeof explainCommands)[number] | (typeof internalExplainCommands)[number];
export type MongoCommandName = (typeof mongoCommands)[number];
export type CommandName = (typeof commands)[number];
export type InternalCommandName = (typeof internalCommands)[number];

/** What each command of a group does; a command without an entry does not compile. */
export type CommandTable<Name extends CommandName | InternalCommandName> = Readonly<
  Record<Name, (...args: unknown[]) => unknown>
>;

export function commandId(name: CommandName | InternalCommandName): string {
  return `heatlens.${name}`;
}

/** Settings with their defaults; `heatlens.` left out. */
export interface Settings {
  /** µs */
  cpuSamplingInterval: number;
  /** Bytes */
  heapSamplingInterval: number;
  /** Percent of the target's CPU */
  interruptBudget: number;
  /** ms */
  refreshInterval: number;
  window: 'cumulative' | 'sliding';
  /** s */
  slidingWindow: number;
  memory: 'both' | 'live' | 'allocated' | 'off';
  /** Percent */
  threshold: number;
  display: 'lens' | 'inline' | 'both';
  gutter: boolean;
  background: boolean;
  fileBadges: boolean;
  colorBy: Measure;
  followChildren: boolean;
  pathMappings: { remote: string; local: string }[];
  /** s */
  exactDuration: number;
  offerCalibration: boolean;
  nodePath: string;
  attachOnStartup: AttachOnStartup;
  'explain.lens': boolean;
  /** ms */
  'explain.timeLimit': number;
  /** Level by the id of a rule, see `findings/severities.ts`. */
  'findings.severity': Readonly<Record<string, unknown>>;
}

export interface AttachOnStartup {
  pid?: number;
  host?: string;
  port?: number;
  /** Absolute, or relative to the first workspace folder. */
  script?: string;
}

export const settingDefaults: Readonly<Settings> = {
  cpuSamplingInterval: 5000,
  heapSamplingInterval: 262_144,
  interruptBudget: 2,
  refreshInterval: 2000,
  window: 'cumulative',
  slidingWindow: 60,
  memory: 'both',
  threshold: 0.5,
  display: 'lens',
  gutter: true,
  background: true,
  fileBadges: true,
  colorBy: 'self',
  followChildren: false,
  pathMappings: [],
  exactDuration: 10,
  offerCalibration: true,
  nodePath: 'node',
  attachOnStartup: {},
  'explain.lens': true,
  'explain.timeLimit': 5000,
  'findings.severity': {},
};

export const configurationSection = 'heatlens';

/** Keys of `when` clauses; each is true or false. */
export const contextKeys = [
  /** A target is attached. */
  'heatlens.attached',
  'heatlens.paused',
  /** There is heat to show, live or kept. */
  'heatlens.hasHeat',
  /** The numbers shown were measured exactly. */
  'heatlens.exact',
  'heatlens.measuringExactly',
  'heatlens.severalTargets',
  'heatlens.ownCodeOnly',
  'heatlens.hasMongoConnections',
  /** A statement was explained in this window. */
  'heatlens.hasExplainResults',
] as const;

export type ContextKey = (typeof contextKeys)[number];

export const views = {
  hotMethods: 'heatlens.hotMethods',
  targets: 'heatlens.targets',
  mongo: 'heatlens.mongo',
} as const;
/** The webview panel of the recording. */
export const flamePanel = 'heatlens.flameGraph';
/** The webview panels of plans. */
export const explainPanel = 'heatlens.explain';
/** Editors of profile files: one that is offered beside others, and one for formats that nothing else opens. */
export const customEditors = { offered: 'heatlens.flameProfile', own: 'heatlens.flamePprof' } as const;

export function heatColorId(bucket: number): string {
  return `heatlens.heat${bucket}`;
}

export function heatGroundColorId(bucket: number): string {
  return `heatlens.heatBackground${bucket}`;
}

/** What the method index understands; `file` alone, since other schemes have no path to measure. */
export const languages = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'] as const;

/** Components with code in script blocks, whether or not an extension knows their language. */
export const componentFiles = '**/*.{vue,svelte,astro}';

/** What database calls are found in. */
export const statementLanguages = [...languages, 'python'] as const;
