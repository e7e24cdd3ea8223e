import type { FrameResolution, LinePlaces, MethodResolver, SourceMethod } from '../../src/core/heat/methodResolver';
import type { Frame } from '../../src/core/profile/frame';
import { method } from './heatBuilder';

export interface LineMethod {
  readonly name: string;
  /** First and last line, 0-based. */
  readonly lines: readonly [number, number];
  /** Names that its text uses. */
  readonly uses?: readonly string[];
}

/**
 * A resolver of sources that run as they are written: files by URL with their methods, outer ones first. A frame is the
 * method of its name; frames of other files and names are unmapped.
 */
export function lineResolver(files: Readonly<Record<string, readonly LineMethod[]>>): MethodResolver {
  const methods: SourceMethod[] = [];
  const known = new Map<string, { method: number; own: LineMethod }[]>();
  for (const [file, own] of Object.entries(files)) {
    known.set(
      file,
      own.map((each, index) => {
        methods.push({ file, index, method: method(each.name, each.lines[0]) });
        return { method: methods.length - 1, own: each };
      }),
    );
  }
  const used = Object.values(files).flatMap((own) => own.map(({ uses }) => new Set(uses)));
  return {
    methods,
    prepare: () => Promise.resolve(),
    resolveFrame({ url, functionName }: Frame): FrameResolution {
      const found = known.get(url)?.find(({ own }) => own.name === functionName);
      if (found) return { method: found.method };
      return known.has(url) ? { reason: 'no-method' } : { reason: 'no-file', detail: `${url} is not here` };
    },
    resolveLine({ url }: Frame, line: number): LinePlaces {
      const here = known.get(url)?.filter(({ own }) => own.lines[0] <= line && line <= own.lines[1]) ?? [];
      return here.length ? { methods: here.map((each) => each.method).reverse(), file: url, line } : { methods: [] };
    },
    measuredSource: () => undefined,
    namesUsedBy: (index) => used[index],
  };
}
