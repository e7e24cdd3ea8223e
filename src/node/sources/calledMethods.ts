import type { Outside } from '../../core/method/boundCalls';
import type { Frame } from '../../core/profile/frame';
import { relativeCandidates } from '../../core/source/relativeSpecifier';
import type { SourceMap } from '../../core/source/sourceMap';
import { scriptPath } from '../../core/source/sourceLocations';
import type { EvidenceContext } from './evidenceContext';
import { Script } from './scriptState';
import type { SourceText } from './sourceTexts';

/** Files that are loaded because others call what is in them. */
const MOST_FILES = 200;
/** Specifiers that are looked for: a hostile text may have any number. */
const MOST_SPECIFIERS = 2_000;
/** Modules that a call is followed through: each may only export again what another has. */
const MOST_MODULES = 24;
/** Scripts that are looked at for a source that several were made of. */
const MOST_SCRIPTS = 4;
/** Of a script that nobody was seen in. Bundles have more, and then which of them is meant is known by name only. */
const MOST_SOURCES = 4;

/** Methods that others call by bindings, over the borders of files. */
export interface CalledMethods {
  calleesOf(method: number): readonly number[];
  calleesOnLine(method: number, line: number): readonly number[];
  /** Some frame of each script that the file is a source of. */
  scriptsOf(file: string): ReadonlyMap<string, Frame>;
  /** Looks for the files that calls led to. New scripts come with those whose sources are wanted. */
  load(breathe: () => Promise<void>): Promise<ReadonlySet<Script>>;
  /** A script that was found by `load`, once its map is known. */
  wantSources(script: Script): void;
}

/** Characters of a line that names are looked for in. */
const LONGEST_LINE = 2_000;

interface Known {
  readonly callees: readonly number[];
  /** Of the resolver, where a file was not known yet; undefined for what will not change. */
  readonly version: number | undefined;
}

interface Owners {
  readonly version: number;
  readonly scripts: ReadonlyMap<SourceText, readonly Script[]>;
  readonly files: ReadonlyMap<string, readonly SourceText[]>;
}

export function createCalledMethods(
  scripts: Map<string, Script>,
  context: EvidenceContext,
  version: () => number,
): CalledMethods {
  const { texts } = context;
  const known = new Map<number, Known>();
  const wanted = new Map<SourceText, Set<string>>();
  /** What was looked for by the importing source. */
  const tried = new WeakMap<SourceText, Set<string>>();
  const namesOf = new WeakMap<SourceMap, ReadonlyMap<string, number>>();
  const found = new Set<Script>();
  let owners: Owners | undefined;
  let filesLeft = MOST_FILES;
  let specifiersLeft = MOST_SPECIFIERS;

  const ownersNow = (): Owners => {
    if (owners?.version === version()) return owners;
    const ofText = new Map<SourceText, Script[]>();
    const files = new Map<string, SourceText[]>();
    const add = (source: SourceText, script: Script): void => {
      const list = ofText.get(source);
      if (list) {
        if (!list.includes(script)) list.push(script);
        return;
      }
      ofText.set(source, [script]);
      const ofFile = files.get(source.file);
      if (ofFile) ofFile.push(source);
      else files.set(source.file, [source]);
    };
    for (const script of scripts.values()) {
      const { evidence } = script;
      if (evidence?.kind === 'identical') add(evidence.source, script);
      else if (evidence?.kind === 'mapped')
        for (const source of script.sources.values()) if ('text' in source) add(source, script);
    }
    return (owners = { version: version(), scripts: ofText, files });
  };

  /** The module that is meant, among the texts that are known. */
  const moduleOf = (from: SourceText, specifier: string): SourceText | undefined => {
    const { files, scripts: ofText } = ownersNow();
    const own = ofText.get(from) ?? [];
    for (const candidate of relativeCandidates(from.file, specifier)) {
      const sources = files.get(candidate);
      // Of several builds of one file it is that of the same script.
      if (sources)
        return sources.find((source) => ofText.get(source)!.some((script) => own.includes(script))) ?? sources[0];
    }
    return undefined;
  };

  const want = (from: SourceText, specifier: string): void => {
    if (filesLeft <= 0 || specifiersLeft <= 0 || !specifier.startsWith('.') || tried.get(from)?.has(specifier)) return;
    const list = wanted.get(from);
    if (list?.has(specifier)) return;
    specifiersLeft--;
    if (list) list.add(specifier);
    else wanted.set(from, new Set([specifier]));
  };

  /** `isSettled`: nothing on the way was unknown. */
  const methodOf = (from: SourceText, call: Outside): { method: number; isSettled: boolean } => {
    const todo: { from: SourceText; call: Outside }[] = [{ from, call }];
    let isSettled = true;
    for (let n = 0; n < Math.min(todo.length, MOST_MODULES); n++) {
      const next = todo[n];
      const target = moduleOf(next.from, next.call.specifier);
      if (!target) {
        want(next.from, next.call.specifier);
        isSettled &&= !next.call.specifier.startsWith('.');
        continue;
      }
      for (const called of target.calls.exported(next.call.path, next.call.use)) {
        if ('method' in called) return { method: texts.methodId(target, called.method), isSettled: true };
        todo.push({ from: target, call: called });
      }
    }
    return { method: -1, isSettled };
  };

  /** Notes the source of a script's map that the specifier names. */
  const wantOfMap = (script: Script, map: SourceMap, from: SourceText, specifier: string): boolean => {
    let names = namesOf.get(map);
    if (!names) namesOf.set(map, (names = new Map(map.sources.map((name, index) => [name, index]))));
    for (const [index, source] of script.sources) {
      if (source !== from) continue;
      for (const name of relativeCandidates(map.sources[index], specifier)) {
        const named = names.get(name);
        if (named === undefined) continue;
        if (!script.sources.has(named)) script.wantedSources.add(named);
        return true;
      }
    }
    return false;
  };

  /** A script beside another one. */
  const scriptBeside = async (script: Script, specifier: string): Promise<Script | undefined> => {
    for (const url of relativeCandidates(script.url, specifier)) {
      const there = scripts.get(url);
      if (there) return there;
      const path = scriptPath(url, context.pathMappings);
      if (path === undefined) return undefined;
      // No more is asked than whether it is there.
      const file = await context.readFile(path, 0);
      if ('problem' in file && file.problem !== 'too-large') continue;
      const added = new Script(url, path);
      scripts.set(url, added);
      return added;
    }
    return undefined;
  };

  return {
    calleesOf(method) {
      const before = known.get(method);
      if (before && (before.version === undefined || before.version === version())) return before.callees;
      const source = texts.textOf(method);
      if (!source) return [];
      const { index } = texts.methods[method];
      const callees = new Set(source.calls.within(index).map((callee) => texts.methodId(source, callee)));
      let isSettled = true;
      for (const call of source.calls.outside(index)) {
        const called = methodOf(source, call);
        if (called.method >= 0) callees.add(called.method);
        isSettled &&= called.isSettled;
      }
      callees.delete(method);
      const list = [...callees];
      known.set(method, { callees: list, version: isSettled ? undefined : version() });
      return list;
    },
    calleesOnLine(method, line) {
      const callees = this.calleesOf(method);
      if (!callees.length) return callees;
      const written = namesOnLine(texts.textOf(method)!, line);
      return callees.filter((callee) => written.has(texts.methods[callee].method.name));
    },
    scriptsOf(file) {
      const { files, scripts: ofText } = ownersNow();
      const frames = new Map<string, Frame>();
      for (const source of files.get(file) ?? [])
        for (const script of ofText.get(source)!)
          frames.set(
            script.url,
            script.frames[0] ?? { functionName: '', url: script.url, scriptId: '', line: 0, column: 0 },
          );
      return frames;
    },
    async load(breathe) {
      const changed = new Set<Script>();
      const batch = [...wanted];
      wanted.clear();
      for (const [from, specifiers] of batch) {
        const done = tried.get(from) ?? new Set<string>();
        tried.set(from, done);
        const own = (ownersNow().scripts.get(from) ?? []).slice(0, MOST_SCRIPTS);
        for (const specifier of specifiers) {
          if (filesLeft <= 0) return changed;
          if (done.has(specifier)) continue;
          done.add(specifier);
          await breathe();
          for (const script of own) {
            const { evidence } = script;
            if (evidence?.kind === 'mapped' && wantOfMap(script, evidence.map, from, specifier)) {
              filesLeft--;
              changed.add(script);
              break;
            }
            const beside = await scriptBeside(script, specifier);
            if (!beside) continue;
            filesLeft--;
            found.add(beside);
            changed.add(beside);
            break;
          }
        }
      }
      return changed;
    },
    wantSources(script) {
      const { evidence } = script;
      if (!found.delete(script) || evidence?.kind !== 'mapped' || evidence.map.sources.length > MOST_SOURCES) return;
      evidence.map.sources.forEach((_name, source) => {
        if (!script.sources.has(source)) script.wantedSources.add(source);
      });
    },
  };
}

const linesOf = new WeakMap<SourceText, readonly string[]>();

/** Who is called is told by bindings; on which line, by the name there. */
function namesOnLine(source: SourceText, line: number): ReadonlySet<string> {
  let lines = linesOf.get(source);
  if (!lines) linesOf.set(source, (lines = source.text.split('\n')));
  return new Set((lines[line] ?? '').slice(0, LONGEST_LINE).match(/[\p{ID_Start}$_#][\p{ID_Continue}$]*/gu));
}
