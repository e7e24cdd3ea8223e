import { attempt } from '../attempt';
import { builtin } from '../builtin';

/** As our scripts are called: see `callTarget`. */
const OWN_URL = 'node:heatlens';
/** Frames of ours that are on top of the stack, at most. */
const OWN_FRAMES = 8;

/**
 * The stack that a message of the inspector has interrupted, innermost first, with every frame that V8 inlined, as the text that
 * `parseCallSites` reads. Empty where nothing was running, null where it cannot be had without the program noticing.
 */
export function callSites(most: number): string | null {
  const list = attempt(() => nodeCallSites(most + OWN_FRAMES));
  return list === undefined ? (attempt(() => errorCallSites(most + OWN_FRAMES)) ?? null) : list;
}

/** Node 22.12 and later. Undefined in others. */
function nodeCallSites(count: number): string | undefined {
  const util = builtin('util') as unknown as {
    getCallSites?: (count: number, options: { sourceMap: boolean }) => readonly NodeCallSite[];
  };
  if (typeof util.getCallSites !== 'function') return undefined;
  const sites = util.getCallSites(count, { sourceMap: false });
  const own = sites[0]?.scriptId;
  if (!own) return undefined;
  let index = 0;
  while (sites[index]?.scriptId === own) index++;
  // The text that called the function is a script of its own.
  index++;
  let text = '';
  let before: string | undefined;
  for (; index < sites.length; index++) {
    const { functionName, scriptName, scriptId, lineNumber, columnNumber, column } = sites[index];
    text += siteText(functionName, scriptName, before, scriptId, lineNumber, columnNumber ?? column);
    before = scriptName || '';
  }
  return text;
}

interface NodeCallSite {
  readonly functionName?: string;
  readonly scriptName?: string;
  readonly scriptId?: string;
  readonly lineNumber?: number;
  readonly columnNumber?: number;
  readonly column?: number;
}

interface V8CallSite {
  getFunctionName(): string | null;
  getScriptNameOrSourceURL(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/** What V8 and Node look for on `Error`. */
interface StackSettings {
  stackTraceLimit?: number;
  prepareStackTrace?: unknown;
}

/**
 * Before that. The properties are put back before anything of the program can run, so that no hook of its own sees ours. Undefined
 * where they are not plain values, or cannot be changed.
 */
function errorCallSites(count: number): string | undefined {
  const settings = globalThis.Error as unknown as StackSettings & object;
  if (builtin('util').types.isProxy(settings)) return undefined;
  if (!isPlain(settings, 'prepareStackTrace') || !isPlain(settings, 'stackTraceLimit')) return undefined;
  const hadHook = hasOwn(settings, 'prepareStackTrace');
  const hadLimit = hasOwn(settings, 'stackTraceLimit');
  const { prepareStackTrace, stackTraceLimit } = settings;
  let sites: readonly V8CallSite[] | undefined;
  try {
    settings.stackTraceLimit = count;
    settings.prepareStackTrace = (_error: unknown, trace: readonly V8CallSite[]): string => {
      sites = trace;
      return '';
    };
    readStack();
  } finally {
    if (hadHook) settings.prepareStackTrace = prepareStackTrace;
    else delete settings.prepareStackTrace;
    if (hadLimit) settings.stackTraceLimit = stackTraceLimit;
    else delete settings.stackTraceLimit;
  }
  // V8 asks nobody for a stack while it is being told another one: the program's own hook was interrupted.
  if (!sites) return '';
  let text = '';
  let before: string | undefined;
  for (let index = 0; index < sites.length; index++) {
    const at = sites[index];
    const url = at.getScriptNameOrSourceURL();
    if (text === '' && url === OWN_URL) continue;
    text += siteText(at.getFunctionName(), url, before, undefined, at.getLineNumber(), at.getColumnNumber());
    before = url || '';
  }
  return text;
}

/** Of an error of V8's own making: the program may have a class of its own called `Error`. */
function readStack(): void {
  const nothing: { readonly stack?: unknown } | null = null;
  try {
    void nothing!.stack;
  } catch (error) {
    void (error as Error).stack;
  }
}

/** Whether it can be set and put back without running anything of the program. */
function isPlain(owner: object, name: string): boolean {
  const { getOwnPropertyDescriptor, isExtensible } = languageObject();
  const own = getOwnPropertyDescriptor(owner, name);
  return own ? own.writable === true && own.configurable === true : isExtensible(owner);
}

function hasOwn(owner: object, name: string): boolean {
  return languageObject().getOwnPropertyDescriptor(owner, name) !== undefined;
}

/** `Object` itself, whatever the global of that name is by now. */
function languageObject(): ObjectConstructor {
  return {}.constructor as ObjectConstructor;
}

/** `before`: the URL of the frame before it; there is none without one. */
function siteText(
  name: string | null | undefined,
  url: string | null | undefined,
  before: string | undefined,
  scriptId: string | undefined,
  line: number | null | undefined,
  column: number | null | undefined,
): string {
  const ownName = name || '';
  const ownUrl = url || '';
  const head = `${line || 0},${column || 0},${scriptId || ''};${ownName}`;
  return ownUrl === before ? `${ownName.length},=,${head}` : `${ownName.length},${ownUrl.length},${head}${ownUrl}`;
}
