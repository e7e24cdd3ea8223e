import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceMethod } from '../../core/heat/methodResolver';
import type { MethodIndex } from '../../core/method/method';
import { indexMethodsGradually } from '../../core/method/indexGradually';
import { indexMethods } from '../../core/method/methodIndex';
import { packageNameOf } from '../../core/source/paths';

/** One text that was measured. Two bundles may carry different versions of one file; each is a `SourceText` of its own. */
export interface SourceText {
  /** Absolute path, or the source's URL when it lies nowhere on this machine. */
  readonly file: string;
  readonly text: string;
  readonly index: MethodIndex;
  readonly changed: boolean;
}

/** The texts that were measured and the methods that frames led to. Append-only. */
export interface SourceTextStore {
  readonly methods: SourceMethod[];
  /** Parses the text unless that was done before. */
  add(file: string, text: string, changed: boolean): Promise<SourceText>;
  /** Index into `methods`; the method is added when it is met for the first time. */
  methodId(source: SourceText, index: number): number;
  /** The text that a method belongs to. */
  textOf(method: number): SourceText;
  measuredSource(file: string): SourceText | undefined;
}

/** ms after which work pauses for a turn of the event loop; the editor shares it. */
const SLICE_MS = 20;
/** Characters; shorter texts take less than a slice or two. */
const GRADUAL_LENGTH = 50_000;

export function createSourceTextStore(): SourceTextStore {
  const methods: SourceMethod[] = [];
  const owners: SourceText[] = [];
  const byFile = new Map<string, { readonly text: string; readonly parsed: Promise<SourceText> }[]>();
  const firstOfFile = new Map<string, SourceText>();
  const ids = new Map<SourceText, Map<number, number>>();
  let sliceStart = performance.now();
  let parsing: Promise<unknown> = Promise.resolve();

  const parse = async (file: string, text: string, changed: boolean): Promise<SourceText> => {
    if (performance.now() - sliceStart > SLICE_MS) {
      await nextTurn();
      sliceStart = performance.now();
    }
    const index =
      text.length > GRADUAL_LENGTH
        ? await indexMethodsGradually(text, fileNameForParser(file), nextTurn, SLICE_MS)
        : indexMethods(text, fileNameForParser(file));
    const source = { file, text, index, changed };
    if (!firstOfFile.has(file)) firstOfFile.set(file, source);
    ids.set(source, new Map());
    return source;
  };
  return {
    methods,
    add(file, text, changed) {
      const versions = byFile.get(file) ?? [];
      byFile.set(file, versions);
      let version = versions.find((known) => known.text === text);
      if (!version) {
        // One at a time: slices of several would follow each other without a turn between them.
        const parsed = parsing.then(() => parse(file, text, changed));
        parsing = parsed.catch(() => undefined);
        versions.push((version = { text, parsed }));
      }
      return version.parsed;
    },
    methodId(source, index) {
      const known = ids.get(source)!;
      let id = known.get(index);
      if (id === undefined) {
        id = methods.length;
        known.set(index, id);
        owners.push(source);
        methods.push({
          file: source.file,
          method: source.index.methods[index],
          index,
          packageName: packageNameOf(source.file),
          ...(source.changed && { sourceChanged: true }),
        });
      }
      return id;
    },
    textOf: (method) => owners[method],
    measuredSource: (file) => firstOfFile.get(file),
  };
}

/** A source's URL may end in a query. */
function fileNameForParser(file: string): string {
  const query = file.indexOf('?');
  return query < 0 ? file : file.slice(0, query);
}
