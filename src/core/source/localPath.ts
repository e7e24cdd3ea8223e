/** Whose rules a path is read by: those of the machine that would open it. */
export type PathFlavour = 'posix' | 'win32';

/** What a path means that is no file of this machine. */
export type NotLocal =
  /** Another machine's file, or a path as another system writes it. */
  | 'elsewhere'
  /** A device, a pipe, a stream beside a file, or what the kernel shows as files. */
  | 'device'
  /** No file can be called so. */
  | 'malformed';

/** What Linux shows of itself as files. `/dev/shm` is memory that programs share as plain files. */
const KERNEL_FOLDER = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;
/** `CON`, `NUL.txt`, `COM1 .log`: Windows takes them for devices in every folder. Superscript digits count. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;

/**
 * Why an absolute path that a stranger wrote is not opened, undefined when it may be: nothing is asked for that, since on
 * Windows a mere look at `\\host\share` logs in there. `given` are folders that the user named (of the workspace, of path
 * mappings): what lies in them may be on another machine.
 */
export function whyNotLocal(path: string, flavour: PathFlavour, given: readonly string[] = []): NotLocal | undefined {
  if (path.includes('\0')) return 'malformed';
  return flavour === 'win32' ? whyNotOnWindows(path, given) : whyNotOnPosix(path, given);
}

function whyNotOnPosix(path: string, given: readonly string[]): NotLocal | undefined {
  if (!path.startsWith('/')) return 'elsewhere';
  const plain = resolved(path.split('/')).join('/');
  if (KERNEL_FOLDER.test(`/${plain}`)) return 'device';
  if (!/^\/[\\/]/.test(path)) return undefined;
  return given.some((folder) => isBelow(`/${plain}`, `/${resolved(folder.split('/')).join('/')}`, '/'))
    ? undefined
    : 'elsewhere';
}

function whyNotOnWindows(path: string, given: readonly string[]): NotLocal | undefined {
  const drive = /^[A-Za-z]:[\\/]/.exec(path);
  const isGiven = (): boolean => {
    const wanted = canonicalOnWindows(path);
    return given.some((folder) => isBelow(wanted, canonicalOnWindows(folder), '\\'));
  };
  if (!drive) {
    if (/^[\\/]{2}[?.][\\/]/.test(path) || path.startsWith('\\??\\')) return 'device';
    if (!/^[\\/]{2}[^\\/]/.test(path) || !isGiven()) return 'elsewhere';
  }
  const parts = path.slice(drive ? 3 : 2).split(/[\\/]+/);
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') continue;
    if (part.includes(':') || DEVICE_NAME.test(part)) return 'device';
    if (/[<>"|?*\u0001-\u001f]|[. ]$/.test(part)) return 'malformed';
  }
  return undefined;
}

function canonicalOnWindows(path: string): string {
  const slashed = path.replaceAll('/', '\\').toLowerCase();
  const root = /^(?:[a-z]:\\|\\\\[^\\]+\\[^\\]+)/.exec(slashed)?.[0] ?? '';
  return [root.replace(/\\$/, ''), ...resolved(slashed.slice(root.length).split('\\'))].join('\\');
}

/** Without `.`, `..` and what is empty. */
function resolved(parts: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept;
}

function isBelow(path: string, folder: string, separator: string): boolean {
  return folder !== '' && path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}
