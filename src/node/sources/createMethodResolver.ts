import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disposable } from '../../core/disposable';
import { inParallel } from '../../core/inParallel';
import type { FrameResolution, LinePlaces, MethodResolver } from '../../core/heat/methodResolver';
import { frameCategory } from '../../core/profile/frame';
import type { Frame } from '../../core/profile/frame';
import { composeMaps } from '../../core/source/composeMaps';
import type { RemoteDirectory } from '../../core/source/pathMapping';
import { scriptPath } from '../../core/source/sourceLocations';
import type { SourceMap } from '../../core/source/sourceMap';
import type { Channel } from '../channel';
import { createCalledMethods } from './calledMethods';
import { MOST_TRIES, type EvidenceContext } from './evidenceContext';
import { examineScript } from './scriptEvidence';
import { loadOriginalSource } from './originalSources';
import { methodOfSite, placesOfLine, resolveFrames, sourceOfSite, sourcesOf } from './resolveScript';
import { Script } from './scriptState';
import { isInformative } from './scriptText';
import { createKnownMissing } from './knownMissing';
import { createMapReader } from './readMap';
import { createSourceReader } from './sourceFiles';
import type { ReadFile } from './sourceFiles';
import { createSourceTextStore } from './sourceTexts';
import { evidenceFromTarget } from './targetEvidence';

export interface MethodResolverOptions {
  /** The target, which is asked for the source maps of code that was compiled in memory; none for saved profiles. */
  readonly channel?: Channel;
  /** Epoch ms; files that were modified later are not what runs. */
  readonly processStartedAt?: number;
  readonly pathMappings: readonly RemoteDirectory[];
  /** Folders that sources without a path are looked up in, most likely first. */
  readonly roots: readonly string[];
  /** Those of the roots that the user named: only there, and where mappings lead, files may be on another machine. All by default. */
  readonly given?: readonly string[];
  /** Instead of reading from disk. */
  readonly readFile?: ReadFile;
}

export interface SourceMethodResolver extends MethodResolver {
  /** Another thread of the target, or another target with the same code, that knows source maps. */
  addChannel(channel: Channel): Disposable;
}

const NOWHERE: LinePlaces = { methods: [] };
/** ms of work between two turns of the event loop, which is shared with the editor. */
const SLICE_MS = 20;
const FRAMES_PER_SLICE = 1_000;
/** Scripts and sources that are looked for at once: reading waits for the disk. */
const MOST_AT_ONCE = 8;
/** Builds that follow each other: compiler, framework, bundler, minifier are four. Maps that lead in a circle have no end. */
const MOST_STEPS = 8;

export function createMethodResolver(options: MethodResolverOptions): SourceMethodResolver {
  const texts = createSourceTextStore();
  const given = [...(options.given ?? options.roots), ...options.pathMappings.map(({ local }) => local)];
  let readFromDisk = createSourceReader(given);
  const files = createKnownMissing(options.readFile ?? ((path, maxBytes) => readFromDisk(path, maxBytes)), {
    hasFolders: !options.readFile,
  });
  const context: EvidenceContext = {
    roots: options.roots,
    pathMappings: options.pathMappings,
    processStartedAt: options.processStartedAt,
    readFile: files.readFile,
    readMap: createMapReader(),
    tries: { left: MOST_TRIES },
    texts,
  };
  const channels = new Set<Channel>(options.channel ? [options.channel] : []);
  const scripts = new Map<string, Script>();
  // Scripts keep their frames anyway, and a WeakMap of hundreds of thousands takes the collector seconds.
  const resolved = new Map<Frame, FrameResolution>();
  let version = 0;
  const called = createCalledMethods(scripts, context, () => version);
  let preparing: Promise<void> = Promise.resolve();
  let sliceStart = performance.now();

  const breathe = async (): Promise<void> => {
    if (performance.now() - sliceStart < SLICE_MS) return;
    await nextTurn();
    sliceStart = performance.now();
  };

  const newScript = (url: string): Script => new Script(url, scriptPath(url, options.pathMappings));

  const collect = async (frames: readonly Frame[]): Promise<Map<Script, Frame[]>> => {
    const news = new Map<Script, Frame[]>();
    for (let n = 0; n < frames.length; n++) {
      if (n % FRAMES_PER_SLICE === 0) await breathe();
      const frame = frames[n];
      if (resolved.has(frame) || frameCategory(frame) !== 'source') continue;
      let script = scripts.get(frame.url);
      if (!script) scripts.set(frame.url, (script = newScript(frame.url)));
      const known = script.results.get(keyOf(frame));
      if (known) {
        resolved.set(frame, known);
        continue;
      }
      const list = news.get(script);
      if (list) list.push(frame);
      else news.set(script, [frame]);
    }
    return news;
  };

  const findEvidence = async (batch: readonly Script[]): Promise<void> => {
    const questions: Script[] = [];
    await inParallel(batch, MOST_AT_ONCE, async (script) => {
      if (script.evidence && !(script.provisional && script.frames.some(isInformative))) return;
      await breathe();
      const examination = await examineScript(script, context);
      if (script.evidence) {
        // Indices of another map mean other sources.
        script.sources.clear();
        script.lines.clear();
      }
      script.evidence = examination.evidence;
      // What no frame was seen of may still turn out not to be what runs.
      script.provisional = (examination.provisional ?? false) || script.frames.length === 0;
      if (examination.askTarget && !script.askedTarget) questions.push(script);
    });
    if (questions.length === 0 || channels.size === 0) return;
    for (const [script, evidence] of await evidenceFromTarget(questions, [...channels], context)) {
      // A map that is no better than none leaves what the text says.
      if (evidence.kind === 'mapped' || script.evidence?.kind !== 'identical') script.evidence = evidence;
      script.provisional = false;
    }
    for (const script of questions) script.askedTarget = true;
  };

  const loadSources = async (script: Script, frames: readonly Frame[]): Promise<void> => {
    const first = script.evidence;
    if (first?.kind !== 'mapped') return;
    let { map } = first;
    const wanted = new Set(script.wantedSources);
    script.wantedSources.clear();
    for (let step = 0; step <= MOST_STEPS; step++) {
      for (let from = 0; from < frames.length; from += FRAMES_PER_SLICE) {
        for (const source of sourcesOf(map, frames.slice(from, from + FRAMES_PER_SLICE))) wanted.add(source);
        await breathe();
      }
      const missing = [...wanted].filter((source) => !script.sources.has(source));
      if (missing.length === 0) return;
      const generated = new Map<number, SourceMap>();
      await inParallel(missing, MOST_AT_ONCE, async (source) => {
        await breathe();
        const loaded = await loadOriginalSource(map, source, first.path, context);
        if ('madeBy' in loaded) generated.set(source, loaded.madeBy);
        else script.sources.set(source, loaded);
      });
      script.lines.clear();
      version++;
      if (generated.size === 0) return;
      map = composeMaps(map, generated);
      script.evidence = { ...first, map };
      wanted.clear();
    }
  };

  /** Scripts of places in the text: none of their functions may have been seen. */
  const collectSites = (sites: readonly Frame[], news: Map<Script, Frame[]>): void => {
    for (const site of sites) {
      let script = scripts.get(site.url);
      if (!script) scripts.set(site.url, (script = newScript(site.url)));
      script.sites.push(site);
      if (!news.has(script)) news.set(script, []);
    }
  };

  const prepare = async (frames: readonly Frame[], sites: readonly Frame[]): Promise<void> => {
    files.forget();
    // What runs has no end of scripts, if it is built again and again: limits hold for each look at it.
    if (channels.size > 0) readFromDisk = createSourceReader(given);
    const news = await collect(frames);
    for (const [script, added] of news) for (const frame of added) script.frames.push(frame);
    collectSites(sites, news);
    for (const script of await called.load(breathe)) if (!news.has(script)) news.set(script, []);
    await findEvidence([...news.keys()]);
    for (const script of news.keys()) {
      called.wantSources(script);
      for (const site of script.sites.splice(0)) {
        const source = sourceOfSite(script, site);
        if (source >= 0 && !script.sources.has(source)) script.wantedSources.add(source);
      }
    }
    if (news.size) version++;
    for (const script of scripts.values()) {
      const added = news.get(script) ?? [];
      if (added.length === 0 && !script.wantsSources) continue;
      await loadSources(script, added);
      for (let from = 0; from < added.length; from += FRAMES_PER_SLICE) {
        const slice = added.slice(from, from + FRAMES_PER_SLICE);
        resolveFrames(script, slice, texts).forEach((resolution, i) => {
          script.results.set(keyOf(slice[i]), resolution);
          resolved.set(slice[i], resolution);
        });
        await breathe();
      }
    }
  };

  return {
    methods: texts.methods,
    get version() {
      return version;
    },
    prepare(frames, sites = []) {
      // One after the other: a script must not be examined twice at once.
      preparing = preparing.then(() => prepare(frames, sites));
      const result = preparing;
      preparing = result.catch(() => undefined);
      return result;
    },
    resolveFrame(frame) {
      return (
        resolved.get(frame) ??
        scripts.get(frame.url)?.results.get(keyOf(frame)) ?? { reason: 'no-file', detail: 'not looked up yet' }
      );
    },
    resolveLine(frame, generatedLine) {
      const script = scripts.get(frame.url);
      if (!script) return NOWHERE;
      let places = script.lines.get(generatedLine);
      if (!places) {
        const before = script.wantedSources.size;
        places = placesOfLine(script, generatedLine, texts);
        if (script.wantedSources.size === before) script.lines.set(generatedLine, places);
      }
      return places;
    },
    resolvePosition(site) {
      const script = scripts.get(site.url);
      return script ? methodOfSite(script, site, texts) : -1;
    },
    calleesOf: (method) => called.calleesOf(method),
    calleesOnLine: (method, line) => called.calleesOnLine(method, line),
    scriptsOf: (file) => called.scriptsOf(file),
    addChannel(channel) {
      channels.add(channel);
      return { dispose: () => void channels.delete(channel) };
    },
    measuredSource: (file) => texts.measuredSource(file),
  };
}

function keyOf(frame: Frame): string {
  return `${frame.line}:${frame.column}:${frame.functionName}`;
}
