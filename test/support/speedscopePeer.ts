import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { repositoryRoot } from './nodeVersions';

/** What speedscope keeps of a profile, as far as comparisons need it. */
export interface PeerProfile {
  getName(): string;
  getTotalWeight(): number;
  getTotalNonIdleWeight(): number;
  forEachFrame(visit: (frame: PeerFrame) => void): void;
  /** The left heavy tree; its root is no frame. */
  getGroupedCalltreeRoot(): PeerNode;
  /** The tree in time order. */
  getAppendOrderCalltreeRoot(): PeerNode;
  getInvertedProfileForCallersOf(frame: PeerFrame): PeerProfile;
  getProfileForCalleesOf(frame: PeerFrame): PeerProfile;
}

export interface PeerFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly col?: number;
  getSelfWeight(): number;
  getTotalWeight(): number;
}

export interface PeerNode {
  readonly frame: PeerFrame;
  readonly children: readonly PeerNode[];
  getSelfWeight(): number;
  getTotalWeight(): number;
}

interface PeerImporter {
  importProfileGroupFromText(name: string, text: string): Promise<{ profiles: PeerProfile[] } | null>;
  importProfilesFromArrayBuffer(name: string, data: ArrayBuffer): Promise<{ profiles: PeerProfile[] } | null>;
}

const release = join(repositoryRoot, '.vscode-test/peers/speedscope/node_modules/speedscope/dist/release');

/** Why speedscope cannot be compared with; undefined when it can. */
export function speedscopeMissing(): string | undefined {
  return existsSync(release) ? undefined : 'speedscope is not installed: run `node scripts/hosts/peers.mjs`';
}

/**
 * The import code of speedscope's released bundle, in a context of its own. The bundle shows no interface; it is a page
 * whose importer is a lazy module, and that module is handed out first: later the page fails, having no document to draw
 * on, which is of no interest.
 */
export function loadSpeedscope(): PeerImporter {
  const file = readdirSync(release).find((name) => /^speedscope-\w+\.js$/.test(name));
  if (!file) throw new Error(`No bundle of speedscope in ${release}.`);
  const text = readFileSync(join(release, file), 'utf8');
  const name = /([\w$]+)=\{\};[\w$]+\(\1,\{[^}]*\bimportProfileGroupFromText:/.exec(text)?.[1];
  const lazy =
    name &&
    new RegExp(`=Promise\\.resolve\\(\\)\\.then\\(\\(\\)=>\\(([\\w$]+\\(\\),${name.replace('$', '\\$')})\\)\\);`).exec(
      text,
    );
  if (!lazy) throw new Error('The bundle of speedscope has another shape than that of 1.25.');
  const start = text.indexOf('{') + 1;
  const handOut = `globalThis.speedscopeImporter=()=>(${lazy[1]});`;
  const context = createContext({
    console: { log: () => undefined, warn: () => undefined, error: () => undefined },
    TextDecoder,
    TextEncoder,
    URL,
    atob,
    btoa,
    performance,
    setTimeout,
    clearTimeout,
  });
  runInContext('globalThis.window = globalThis; globalThis.self = globalThis;', context);
  try {
    runInContext(text.slice(0, start) + handOut + text.slice(start), context);
  } catch {
    // No document to draw on.
  }
  return (runInContext('speedscopeImporter', context) as () => PeerImporter)();
}
