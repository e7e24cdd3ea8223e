import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NoSource, SourceMethod } from '../../core/heat/methodResolver';
import { followMethods } from '../../core/method/followMethods';
import type { Method, MethodIndex } from '../../core/method/method';
import type { Position } from '../../core/positions';
import type { BoundCalls } from '../../core/method/boundCalls';
import { indexWithCalls } from '../../core/method/indexWithCalls';
import { editorLines, type ToEditor } from '../../core/source/editorLines';
import { packageNameOf } from '../../core/source/paths';

/** One text that was measured. Two bundles may carry different versions of one file; each is a `SourceText` of its own. */
export interface SourceText {
  /** Absolute path, or the source's URL when it lies nowhere on this machine. */
  readonly file: string;
  readonly text: string;
  readonly index: MethodIndex;
  /** What its methods certainly call. */
  readonly calls: BoundCalls;
  readonly changed: boolean;
  /** Where the name of each method stands in the other text that the file has now; undefined where that was not read. */
  readonly namesOnDisk?: readonly (Position | undefined)[];
  /** Why it is the code that runs and not its source. */
  readonly generated?: NoSource;
  /** From lines as V8 and source maps count them to those of `index`. */
  readonly toEditor: ToEditor;
}

const asTheyAre: ToEditor = (position) => position;

/** A function whose text was not read, 0-based: what V8 says of it. */
export interface NamedPlace {
  readonly file: string;
  readonly functionName: string;
  readonly line: number;
  readonly column: number;
}

/** What a text is to the file that it goes by. */
export interface TextState {
  /** The file differs from what runs. */
  readonly changed?: boolean;
  /** The other text that the file has now. */
  readonly onDisk?: string;
  readonly generated?: NoSource;
}

/** The texts that were measured and the methods that frames led to. Append-only. */
export interface SourceTextStore {
  readonly methods: SourceMethod[];
  /** Parses the text unless that was done before. */
  add(file: string, text: string, state?: TextState): Promise<SourceText>;
  /** Index into `methods`; the method is added when it is met for the first time. `stands`: where it stands in the text it ran. */
  methodId(source: SourceText, index: number, stands?: boolean): number;
  /** The same of a function that V8 names. */
  namedId(place: NamedPlace, generated: NoSource): number;
  /** The text that a method belongs to; undefined where it was not read. */
  textOf(method: number): SourceText | undefined;
  measuredSource(file: string): SourceText | undefined;
}

/** ms after which work pauses for a turn of the event loop; the editor shares it. */
const SLICE_MS = 20;

export function createSourceTextStore(): SourceTextStore {
  const methods: SourceMethod[] = [];
  const owners: (SourceText | undefined)[] = [];
  const byFile = new Map<string, { readonly text: string; readonly parsed: Promise<SourceText> }[]>();
  const firstOfFile = new Map<string, SourceText>();
  const ids = new Map<SourceText, Map<number, number>>();
  const named = new Map<string, number>();
  let sliceStart = performance.now();
  let parsing: Promise<unknown> = Promise.resolve();

  const namesIn = async (file: string, text: string, measured: MethodIndex): Promise<(Position | undefined)[]> => {
    const { index } = await indexWithCalls(text, fileNameForParser(file), nextTurn, SLICE_MS);
    return followMethods(measured, index).map((found) => found && index.methods[found.index].nameStart);
  };
  const parse = async (file: string, text: string, state: TextState): Promise<SourceText> => {
    if (performance.now() - sliceStart > SLICE_MS) {
      await nextTurn();
      sliceStart = performance.now();
    }
    const { index, calls } = await indexWithCalls(text, fileNameForParser(file), nextTurn, SLICE_MS);
    const toEditor = editorLines(text) ?? asTheyAre;
    const { changed = false, generated, onDisk } = state;
    const namesOnDisk = onDisk === undefined ? undefined : await namesIn(file, onDisk, index);
    const source = { file, text, index, calls, changed, namesOnDisk, generated, toEditor };
    if (!firstOfFile.has(file)) firstOfFile.set(file, source);
    ids.set(source, new Map());
    return source;
  };
  return {
    methods,
    add(file, text, state = {}) {
      const versions = byFile.get(file) ?? [];
      byFile.set(file, versions);
      let version = versions.find((known) => known.text === text);
      if (!version) {
        // One at a time: slices of several would follow each other without a turn between them.
        const parsed = parsing.then(() => parse(file, text, state));
        parsing = parsed.catch(() => undefined);
        versions.push((version = { text, parsed }));
      }
      return version.parsed;
    },
    methodId(source, index, stands = false) {
      const known = ids.get(source)!;
      let id = known.get(index);
      if (id === undefined) {
        id = methods.length;
        known.set(index, id);
        owners.push(source);
        const nameOnDisk = source.namesOnDisk?.[index];
        methods.push({
          file: source.file,
          method: source.index.methods[index],
          index,
          packageName: packageNameOf(source.file),
          ...(source.changed && !stands && { sourceChanged: true }),
          ...(nameOnDisk && { nameOnDisk }),
          ...(source.generated && { generated: source.generated }),
        });
      }
      return id;
    },
    namedId(place, generated) {
      const { file, functionName, line, column } = place;
      const key = `${file}\0${functionName}\0${line}:${column}`;
      let id = named.get(key);
      if (id === undefined) {
        id = methods.length;
        named.set(key, id);
        owners.push(undefined);
        const method = namedMethod(place);
        methods.push({ file, method, index: -named.size, packageName: packageNameOf(file), generated });
      }
      return id;
    },
    textOf: (method) => owners[method],
    measuredSource: (file) => firstOfFile.get(file),
  };
}

function namedMethod({ functionName, line, column }: NamedPlace): Method {
  const at = { line, column };
  const isModule = functionName === '' && line === 0 && column === 0;
  const qualifiedName = functionName || (isModule ? '(module)' : '(anonymous)');
  return {
    name: qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1) || qualifiedName,
    qualifiedName,
    kind: isModule ? 'module' : 'function',
    anonymous: functionName === '',
    span: { start: at, end: at },
    nameStart: at,
    headStart: at,
    bodyStart: at,
    parent: -1,
    textHash: 0,
    ownTextHash: 0,
  };
}

/** A source's URL may end in a query. */
function fileNameForParser(file: string): string {
  const query = file.indexOf('?');
  return query < 0 ? file : file.slice(0, query);
}
