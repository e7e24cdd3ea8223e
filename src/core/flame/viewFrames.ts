import { frameCategory, type Frame } from '../profile/frame';
import { fileUrlToPath, packageNameOf } from '../source/paths';
import type { FramePlace } from '../protocol/flame';
import type { ViewFrame } from './profileView';
import type { ViewOptions } from './viewOptions';

const noPlace: ViewFrame['place'] = { url: '', line: -1, column: -1 };

/** What an inverted tree does not show path by path. Stands behind the frames of the view. */
export const othersFrame: ViewFrame = { name: '(others)', frame: -1, place: noPlace, category: 'program' };

const ANONYMOUS = '(anonymous)';

/** Identity of a frame across views, options, refreshes and files. */
export function frameKey({ name, frame, place, packageName }: ViewFrame): string {
  if (frame < 0) return packageName === undefined ? name : `package ${packageName}`;
  return placeKey({ functionName: name, ...place });
}

/** The `frameKey` of a method. */
export function placeKey({ functionName, url, line, column }: FramePlace): string {
  return `${functionName || ANONYMOUS}\n${url}:${line}:${column}`;
}

/** What happens to the nodes of a frame in a view: they stay, go to their caller with what they cost, or cost nothing. */
export const SHOWN = 0;
export const TO_CALLER = 1;
export const DROPPED = 2;

/** Frames of a view, numbered in the order in which the tree needs them; node 0's comes first. */
export class ViewFrames {
  readonly frames: ViewFrame[] = [];
  /** By frame of the profile. */
  readonly rules: Uint8Array;
  /** There will never be more frames. */
  readonly capacity: number;
  /** By frame of the profile: the view's; -1 until `of` was asked. */
  readonly indices: Int32Array;
  /** By frame of the view: 1 where it is a folded package; undefined where none is. */
  readonly folded: Uint8Array | undefined;
  private readonly packageFrames = new Map<string, number>();
  private readonly packages = new Map<string, string | undefined>();

  constructor(
    private readonly profileFrames: readonly Frame[],
    options: Pick<ViewOptions, 'foldPackages' | 'hideInternals' | 'hideIdle'>,
  ) {
    this.capacity = profileFrames.length;
    this.indices = new Int32Array(profileFrames.length).fill(-1);
    this.rules = Uint8Array.from(profileFrames, (frame) => ruleOf(frame, options));
    this.folded = options.foldPackages ? new Uint8Array(profileFrames.length) : undefined;
  }

  /** Index of the view's frame for a frame of the profile. */
  of(profileFrame: number): number {
    const known = this.indices[profileFrame];
    return known >= 0 ? known : (this.indices[profileFrame] = this.add(profileFrame));
  }

  private add(index: number): number {
    const frame = this.profileFrames[index];
    const { functionName, url, line, column } = frame;
    const packageName = this.packageOf(url);
    if (packageName !== undefined && this.folded) {
      const known = this.packageFrames.get(packageName);
      if (known !== undefined) return known;
      this.packageFrames.set(packageName, this.frames.length);
      this.folded[this.frames.length] = 1;
      return this.frames.push({ name: packageName, frame: -1, place: noPlace, category: 'source', packageName }) - 1;
    }
    const base = { name: functionName || ANONYMOUS, frame: index, place: { url, line, column }, category: frameCategory(frame) };
    return this.frames.push(packageName === undefined ? base : { ...base, packageName }) - 1;
  }

  private packageOf(url: string): string | undefined {
    if (!url.includes('node_modules')) return undefined;
    if (!this.packages.has(url)) this.packages.set(url, packageNameOf(fileUrlToPath(url) ?? url));
    return this.packages.get(url);
  }
}

function ruleOf(frame: Frame, { hideIdle, hideInternals }: Pick<ViewOptions, 'hideInternals' | 'hideIdle'>): number {
  const category = frameCategory(frame);
  if (category === 'idle' && hideIdle) return DROPPED;
  return hideInternals && (category === 'node' || category === 'native') ? TO_CALLER : SHOWN;
}
