import { isOwnScript, scriptOf, type V8CallFrame } from '../profile/frame';
import type { V8HeapColumns } from '../profile/v8/v8Columns';

type ScriptFrame = Partial<Pick<V8CallFrame, 'scriptId' | 'url'>> | undefined;

/** V8 cuts names of scripts in profiles to so many characters, and no others. */
const CUT_NAME = 1_024;
/** Scripts of longer names that are remembered. */
const MOST_WHOLE = 1_000;

/**
 * What the scripts of one isolate are called, by V8's number. CPU profiles have the name that the text gives itself
 * (`sourceURL`), heap profiles only the one that it was loaded by, which evaluated code does not have; interrupted stacks have whole names, and before Node 22.12 no numbers.
 */
export class ScriptUrls {
  private readonly byId = new Map<string, string>();
  /** By what is left of a longer name when it is cut; undefined where several begin so. */
  private readonly wholes = new Map<string, string | undefined>();

  /** Of CPU profiles: these names are the ones that count. */
  learn(frames: Iterable<ScriptFrame>): void {
    for (const frame of frames) this.add(frame, true);
  }

  /** Of heap profiles and interrupted stacks: for scripts without another name. */
  learnMore(frames: Iterable<ScriptFrame>): void {
    for (const frame of frames) this.add(frame, false);
  }

  private add(frame: ScriptFrame, counts: boolean): void {
    const url = urlOf(frame);
    if (url === undefined) return;
    this.addWhole(url);
    const id = scriptOf(frame);
    if (id !== undefined && (counts || !this.byId.has(id))) this.byId.set(id, url);
  }

  /** The frame with its script's name, itself where that is no other. */
  named<T extends ScriptFrame>(frame: T): T {
    const id = scriptOf(frame);
    const known = (id === undefined ? undefined : this.byId.get(id)) ?? urlOf(frame);
    const url = known === undefined ? undefined : (this.wholes.get(known) ?? known);
    return url === undefined || url === frame!.url ? frame : { ...frame!, url };
  }

  private addWhole(url: string): void {
    const end = (url.startsWith(FILE) ? FILE.length : 0) + CUT_NAME;
    if (url.length <= end) return;
    const cut = url.slice(0, end);
    if (!this.wholes.has(cut) && this.wholes.size >= MOST_WHOLE) return;
    this.wholes.set(cut, !this.wholes.has(cut) || this.wholes.get(cut) === url ? url : undefined);
  }

  /** The profile with these names, and without the bytes of what Heatlens had the isolate run. */
  namedHeap(profile: V8HeapColumns): V8HeapColumns {
    const frames = profile.frames.map((frame) => this.named(frame));
    const isOwn = frames.map((frame) => isOwnScript(frame?.url ?? ''));
    if (!isOwn.includes(true)) return { ...profile, frames };
    const { parents, nodeFrames } = profile;
    const sizes = profile.sizes.slice();
    const isLeftOut = new Uint8Array(sizes.length);
    for (let node = 0; node < sizes.length; node++) {
      if (!isOwn[nodeFrames[node]] && !(parents[node] >= 0 && isLeftOut[parents[node]])) continue;
      isLeftOut[node] = 1;
      sizes[node] = 0;
    }
    return { ...profile, frames, sizes };
  }
}

/** A target may answer anything. */
function urlOf(frame: ScriptFrame): string | undefined {
  const url: unknown = frame?.url;
  return typeof url === 'string' && url !== '' ? url : undefined;
}

const FILE = 'file://';
