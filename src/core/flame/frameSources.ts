import { t } from '@vscode/l10n';
import type { FrameResolution, MethodResolver, SourceMethod, UnmappedReason } from '../heat/methodResolver';
import { methodLabel, unmappedReasonText } from '../heat/wording';
import { frameCategory } from '../profile/frame';
import type { Frame } from '../profile/frame';
import { scriptPath } from '../source/sourceLocations';
import { packageNameOf } from '../source/paths';
import type { RemoteDirectory } from '../source/pathMapping';

/** Where a frame stands in the source as written: 0-based, or why that is not known (for people). */
export type SourcePlace =
  | { readonly file: string; readonly line: number; readonly column: number; readonly method?: SourceMethod }
  | {
      readonly problem: string;
      /** The script itself, where it has a path. */ readonly generated?: {
        readonly file: string;
        readonly line: number;
        readonly column: number;
      };
    };

/** For a frame that was prepared by the resolver. */
export function sourcePlace(frame: Frame, resolver: MethodResolver, mappings: readonly RemoteDirectory[]): SourcePlace {
  const category = frameCategory(frame);
  switch (category) {
    case 'source':
      break;
    case 'node':
      return { problem: t('{0} is Node’s own JavaScript, which has no file here', frame.url) };
    case 'wasm':
      return { problem: t('WebAssembly has no source here') };
    default:
      return { problem: t('{0} is native code of V8 or Node', frame.functionName || t('(anonymous)')) };
  }
  const resolution = resolver.resolveFrame(frame);
  if ('method' in resolution) {
    const method = resolver.methods[resolution.method];
    const { line, column } = method.method.nameStart;
    return { file: method.file, line, column, method };
  }
  return unmappedPlace(frame, resolution, mappings);
}

function unmappedPlace(
  frame: Frame,
  { reason, detail }: Extract<FrameResolution, { reason: UnmappedReason }>,
  mappings: readonly RemoteDirectory[],
): SourcePlace {
  const path = scriptPath(frame.url, mappings);
  const generated =
    path === undefined ? undefined : { file: path, line: Math.max(0, frame.line), column: Math.max(0, frame.column) };
  // What is written in another language (pprof comes from many) stands where the profile says.
  if (reason === 'unsupported-language' && generated) return generated;
  const text = unmappedReasonText(reason);
  return {
    problem: detail ? `${text}: ${detail}` : text,
    generated: reason === 'no-file' || reason === 'evaluated' ? undefined : generated,
  };
}

/** Columns by frame: where it stands in the source as written. */
export interface FrameSources {
  readonly first: number;
  /** Each file once: absolute path, or URL. */
  readonly files: readonly string[];
  /** Packages of `node_modules`, each once. */
  readonly packages: readonly string[];
  /** Index into `files`; -1 where unknown. */
  readonly file: Int32Array;
  /** 0-based line in the file. */
  readonly line: Int32Array;
  /** Index into `packages`; -1 for none. */
  readonly package: Int32Array;
  /** Name as the source has it, where it differs from V8's. */
  readonly names: Readonly<Record<number, string>>;
}

/** Columns for the page of `frames`, the first of which is number `first` of the profile. */
export function frameSources(
  frames: readonly Frame[],
  first: number,
  resolverOf: (index: number) => MethodResolver,
  mappings: readonly RemoteDirectory[],
): FrameSources {
  const files: string[] = [];
  const packages: string[] = [];
  const fileIndex = new Map<string, number>();
  const packageIndex = new Map<string, number>();
  const file = new Int32Array(frames.length).fill(-1);
  const line = new Int32Array(frames.length).fill(-1);
  const packageColumn = new Int32Array(frames.length).fill(-1);
  const names: Record<number, string> = {};
  frames.forEach((frame, i) => {
    const place = sourcePlace(frame, resolverOf(first + i), mappings);
    if ('file' in place) {
      file[i] = indexOf(files, fileIndex, place.file);
      line[i] = place.line;
      const name = place.method && methodLabel(place.method.method);
      if (name !== undefined && name !== frame.functionName) names[first + i] = name;
    }
    const packageName = 'file' in place && place.method ? place.method.packageName : packageNameOf(frame.url);
    if (packageName !== undefined) packageColumn[i] = indexOf(packages, packageIndex, packageName);
  });
  return { first, files, packages, file, line, package: packageColumn, names };
}

function indexOf(values: string[], known: Map<string, number>, value: string): number {
  let index = known.get(value);
  if (index === undefined) {
    index = values.length;
    values.push(value);
    known.set(value, index);
  }
  return index;
}
