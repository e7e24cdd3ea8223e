import { frameCategory, type Frame, type FramePlace } from '../../profile/frame';
import type { ProfileColumns } from '../../profile/profileColumns';
import { fileUrlToPath, packageNameOf } from '../../source/paths';
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
const SHOWN = 0;
const TO_CALLER = 1;
export const DROPPED = 2;

/** Frames of a view, and where those of the profile went. Typed arrays, so that loops over nodes call nothing. */
export interface ViewFrames {
  /** The root's first, then in the order of the profile. */
  readonly frames: readonly ViewFrame[];
  /** By frame of the profile. */
  readonly rules: Uint8Array;
  /** By frame of the profile: the view's; -1 where no node has it, or it is not shown. */
  readonly indices: Int32Array;
  /** By frame of the view: 1 where it is a folded package; undefined where packages are not folded. */
  readonly folded: Uint8Array | undefined;
}

export function createViewFrames(
  { frames: profileFrames, nodeFrames }: Pick<ProfileColumns, 'frames' | 'nodeFrames'>,
  options: Pick<ViewOptions, 'foldPackages' | 'hideInternals' | 'hideIdle'>,
): ViewFrames {
  const used = new Uint8Array(profileFrames.length);
  for (let node = 0; node < nodeFrames.length; node++) used[nodeFrames[node]] = 1;
  const rules = new Uint8Array(profileFrames.length);
  for (let index = 0; index < rules.length; index++) rules[index] = ruleOf(profileFrames[index], options);
  const indices = new Int32Array(profileFrames.length).fill(-1);
  const frames: ViewFrame[] = [];
  const packageOf = packageFinder();
  const packageIndices = new Map<string, number>();

  const add = (index: number): void => {
    const { functionName, url, line, column } = profileFrames[index];
    const packageName = packageOf(url);
    const known = packageName !== undefined && options.foldPackages ? packageIndices.get(packageName) : undefined;
    indices[index] = known ?? frames.length;
    if (known !== undefined) return;
    if (packageName !== undefined && options.foldPackages) {
      packageIndices.set(packageName, frames.length);
      frames.push({ name: packageName, frame: -1, place: noPlace, category: 'source', packageName });
      return;
    }
    const base = {
      name: functionName || ANONYMOUS,
      frame: index,
      place: { url, line, column },
      category: frameCategory(profileFrames[index]),
    };
    frames.push(packageName === undefined ? base : { ...base, packageName });
  };

  add(nodeFrames[0]);
  used[nodeFrames[0]] = 0;
  for (let index = 0; index < profileFrames.length; index++) if (used[index] && rules[index] === SHOWN) add(index);
  const folded = options.foldPackages ? Uint8Array.from(frames, ({ frame }) => (frame < 0 ? 1 : 0)) : undefined;
  return { frames, rules, indices, folded };
}

/** `node_modules` package of a URL; each URL is looked at once. */
function packageFinder(): (url: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (url) => {
    if (!url.includes('node_modules')) return undefined;
    if (!known.has(url)) known.set(url, packageNameOf(fileUrlToPath(url) ?? url));
    return known.get(url);
  };
}

function ruleOf(frame: Frame, { hideIdle, hideInternals }: Pick<ViewOptions, 'hideInternals' | 'hideIdle'>): number {
  const category = frameCategory(frame);
  if (category === 'idle' && hideIdle) return DROPPED;
  return hideInternals && (category === 'node' || category === 'native') ? TO_CALLER : SHOWN;
}
