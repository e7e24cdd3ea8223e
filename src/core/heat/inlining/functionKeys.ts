import { frameCategory, isOwnScript, type Frame } from '../../profile/frame';
import type { FrameTable } from '../../profile/frameTable';
import type { InterruptLog } from '../../measurement/interruptLog';
import type { MethodResolver } from '../methodResolver';

/** A function that stands on stacks: the index of its method, or below -1 one that has none (Node's own, unmapped). */
export type FunctionKey = number;

/** No function: builtins, and what belongs to measuring. */
export const NOBODY: FunctionKey = -1;

/** Names the functions of a call tree and of interrupt samples alike, so that the two can be joined. */
export interface FunctionKeys {
  /** By frame of the table; those that came since the last call are looked up now. */
  ofFrames(): readonly FunctionKey[];
  /** The same of another tree of the isolate: a function has one key, whichever tree it is in. */
  ofTable(table: FrameTable): readonly FunctionKey[];
  /** By frame of the log. */
  ofSites(): readonly FunctionKey[];
  /** Some frame of each script that methods of the file came from, else of each that has the file: what lines of the file are asked by. */
  scriptsOf(file: string): ReadonlyMap<string, Frame>;
  /** Where the function was seen to begin, for one without a method. */
  frameOf(key: FunctionKey): Frame | undefined;
}

/** All frames must have been prepared by the resolver. What it could not say of a site is asked again: its source may be loaded by then. */
export function createFunctionKeys(resolver: MethodResolver, table: FrameTable, log: InterruptLog): FunctionKeys {
  let ofSites: FunctionKey[] = [];
  const ofTables = new WeakMap<FrameTable, FunctionKey[]>();
  const others = new Map<string, FunctionKey>();
  const otherFrames: Frame[] = [];
  const scripts = new Map<string, Map<string, Frame>>();
  /** By script id: V8 names a script in a profile by what its text says of itself, and on a stack by where it came from. */
  const urls = new Map<string, string>();

  const otherKey = (frame: Frame): FunctionKey => {
    const name = `${frame.url}\0${frame.functionName}`;
    let key = others.get(name);
    if (key === undefined) {
      key = -2 - otherFrames.length;
      others.set(name, key);
      otherFrames.push(frame);
    }
    return key;
  };
  const methodKey = (method: number, frame: Frame): FunctionKey => {
    const { file } = resolver.methods[method];
    let ofFile = scripts.get(file);
    if (!ofFile) scripts.set(file, (ofFile = new Map()));
    if (!ofFile.has(frame.url)) ofFile.set(frame.url, frame);
    return method;
  };
  const keyOfFrame = (frame: Frame): FunctionKey => {
    if (frame.scriptId && frame.url) urls.set(frame.scriptId, frame.url);
    const category = frameCategory(frame);
    if (category !== 'source') return category === 'node' && !isOwnScript(frame.url) ? otherKey(frame) : NOBODY;
    const resolution = resolver.resolveFrame(frame);
    return 'method' in resolution ? methodKey(resolution.method, frame) : otherKey(frame);
  };
  const keyOfSite = (site: Frame): FunctionKey => {
    if (site.line < 0 || isOwnScript(site.url)) return NOBODY;
    if (site.url.startsWith('node:')) return otherKey(site);
    const known = scriptOf(site, urls);
    const method = resolver.resolvePosition(known);
    return method >= 0 ? methodKey(method, known) : otherKey(known);
  };

  const ofTable = (any: FrameTable): readonly FunctionKey[] => {
    let known = ofTables.get(any);
    if (!known) ofTables.set(any, (known = []));
    for (let n = known.length; n < any.frames.length; n++) known.push(keyOfFrame(any.frames[n]));
    return known;
  };

  return {
    ofFrames: () => ofTable(table),
    ofTable,
    ofSites() {
      ofTable(table);
      const before = ofSites;
      ofSites = log.frames.map((site, n) => (before[n] >= 0 ? before[n] : keyOfSite(site)));
      return ofSites;
    },
    scriptsOf: (file) => scripts.get(file) ?? resolver.scriptsOf(file),
    frameOf: (key) => (key < NOBODY ? otherFrames[-2 - key] : undefined),
  };
}

/** A site under the name by which the profile knows its script. */
function scriptOf(site: Frame, urls: ReadonlyMap<string, string>): Frame {
  const url = urls.get(site.scriptId);
  return url === undefined || url === site.url ? site : { ...site, url };
}
