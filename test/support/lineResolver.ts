import type { FrameResolution, LinePlaces, MethodResolver, SourceMethod } from '../../src/core/heat/methodResolver';
import type { Frame } from '../../src/core/profile/frame';
import { method } from './heatBuilder';

export interface LineMethod {
  readonly name: string;
  /** First and last line, 0-based. */
  readonly lines: readonly [number, number];
  /** Methods that its text certainly calls. */
  readonly calls?: readonly string[];
  /** Those of them by the line that they are called on. */
  readonly callsOn?: Readonly<Record<number, string>>;
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
  const own = Object.values(files).flat();
  const calls = Object.values(files).flatMap((own) => own.map((each) => each.calls ?? []));
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
    version: 0,
    resolvePosition({ url, line }: Frame): number {
      return known.get(url)?.findLast(({ own }) => own.lines[0] <= line && line <= own.lines[1])?.method ?? -1;
    },
    scriptsOf: (file) => new Map(known.has(file) ? [[file, frameOf(file)]] : []),
    calleesOnLine: (index, line) =>
      methods.flatMap(({ method }, callee) => (method.name === own[index].callsOn?.[line] ? [callee] : [])),
    calleesOf: (index) => methods.flatMap(({ method }, callee) => (calls[index].includes(method.name) ? [callee] : [])),
  };
}

function frameOf(url: string): Frame {
  return { functionName: '', url, scriptId: '', line: 0, column: 0 };
}
