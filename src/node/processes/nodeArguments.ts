/** A Node command line taken apart. */
export interface NodeArguments {
  /** Node's own options, `--name` and `value` joined with `=`. */
  readonly flags: readonly string[];
  /** First argument that is no option, as written; undefined for `-e`, `--test` without files, or the REPL. */
  readonly script?: string;
  readonly scriptArguments: readonly string[];
}

/** Options that take the next argument as their value when written without `=`. */
const FLAGS_WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-e',
  '--eval',
  '-pe',
  '-C',
  '--conditions',
  '--inspect-port',
  '--debug-port',
  '--title',
  '--watch-path',
  '--input-type',
  '--icu-data-dir',
  '--openssl-config',
  '--redirect-warnings',
  '--diagnostic-dir',
  '--disable-warning',
  '--env-file',
  '--env-file-if-exists',
  '--dns-result-order',
  '--unhandled-rejections',
  '--test-name-pattern',
  '--test-skip-pattern',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-concurrency',
  '--test-shard',
  '--test-timeout',
  '--test-global-setup',
  '--experimental-config-file',
  '--heapsnapshot-signal',
  '--report-signal',
  '--report-dir',
  '--report-directory',
  '--report-filename',
  '--cpu-prof-dir',
  '--cpu-prof-name',
  '--cpu-prof-interval',
  '--heap-prof-dir',
  '--heap-prof-name',
  '--heap-prof-interval',
  '--localstorage-file',
  '--max-http-header-size',
  '--secure-heap',
  '--secure-heap-min',
  '--tls-cipher-list',
  '--tls-keylog',
  '--trace-event-categories',
  '--trace-event-file-pattern',
  '--trace-require-module',
  '--run',
  '--experimental-default-type',
  '--experimental-sea-config',
  '--build-sea',
  '--es-module-specifier-resolution',
  '--network-family-autoselection-attempt-timeout',
  '--watch-kill-signal',
  '--inspect-publish-uid',
  '--policy-integrity',
  '--allow-fs-read',
  '--allow-fs-write',
  '--stack-trace-limit',
]);

/** `argv` without `argv[0]`. */
export function parseNodeArguments(argv: readonly string[]): NodeArguments {
  const flags: string[] = [];
  let index = 0;
  let isEval = false;
  for (; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (argument === '--') {
      index++;
      break;
    }
    // A lone dash means: the script comes from standard input.
    if (!argument.startsWith('-') || argument === '-') break;
    isEval ||= /^(-e|-p|-pe|--eval|--print)(=|$)/.test(argument);
    const next = argv[index + 1];
    if (FLAGS_WITH_VALUE.has(argument) && next !== undefined) {
      flags.push(`${argument}=${next}`);
      index++;
    } else if (/^(-p|--print)$/.test(argument) && next !== undefined && !next.startsWith('-')) {
      flags.push(`${argument}=${next}`);
      index++;
    } else {
      flags.push(argument);
    }
  }
  if (isEval) return { flags, scriptArguments: argv.slice(index) };
  const script = argv[index];
  return { flags, script: script === '-' ? undefined : script, scriptArguments: argv.slice(index + 1) };
}

/** Options in `NODE_OPTIONS`, where double quotes group and a backslash escapes inside them. */
export function splitNodeOptions(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '\\' && quoted) word += text.charAt(++index);
    else if (character === '"') quoted = !quoted;
    else if (character === ' ' && !quoted) {
      if (word) words.push(word);
      word = '';
    } else word += character;
  }
  if (word) words.push(word);
  return words;
}

/** `node --watch`: it only starts its program, and again when a file changes. */
export function watches(flags: readonly string[]): boolean {
  return flags.some((flag) => /^--watch(?:-path)?(?:=|$)/.test(flag));
}

/** What the options say about the inspector. */
export interface InspectorFlags {
  /** Opened at start by `--inspect`, `--inspect-brk` or `--inspect-wait`. */
  readonly opensAtStart: boolean;
  /** Port that is used at start and on SIGUSR1; 0 means a random one. */
  readonly port: number;
  /** By `--disable-sigusr1`, or by the permission model, which implies it unless `--allow-inspector` is given. */
  readonly sigusr1Disabled: boolean;
}

export const DEFAULT_INSPECTOR_PORT = 9229;

/** Flags of the command line win over those of `NODE_OPTIONS`, the later over the earlier. */
export function inspectorFlags(flags: readonly string[], nodeOptions = ''): InspectorFlags {
  let opensAtStart = false;
  let port = DEFAULT_INSPECTOR_PORT;
  let sigusr1Disabled = false;
  let hasPermissions = false;
  let allowsInspector = false;
  for (const flag of [...parseNodeArguments(splitNodeOptions(nodeOptions)).flags, ...flags]) {
    const match = /^--(inspect|inspect-brk|inspect-wait|inspect-port|debug-port)(?:=(.*))?$/.exec(flag);
    if (match) {
      opensAtStart ||= !match[1]?.endsWith('-port');
      const written = /(?:^|:)(\d+)$/.exec(match[2] ?? '')?.[1];
      if (written !== undefined) port = Number(written);
    }
    sigusr1Disabled ||= flag === '--disable-sigusr1';
    hasPermissions ||= /^--(?:experimental-)?permission$/.test(flag);
    // Node 24.12 and later.
    allowsInspector ||= flag === '--allow-inspector';
  }
  return { opensAtStart, port, sigusr1Disabled: sigusr1Disabled || (hasPermissions && !allowsInspector) };
}
