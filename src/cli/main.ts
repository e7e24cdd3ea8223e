import { rememberUri } from '../core/database/mongo/connection/secrets';
import { errorText, isHeatlensError } from '../core/errors';
import { onOneLine } from '../core/words/foreignText';
import { heatCommand } from './heatCommand';
import { note, print } from './output';
import { processesCommand } from './processesCommand';
import { recordCommand } from './recordCommand';
import { USAGE } from './usage';
import { usageError } from './cliErrors';
import packageJson from '../../package.json';

/** Resolve to the exit code where that is not 0. */
const commands: Record<string, (args: readonly string[]) => Promise<number | void>> = {
  processes: processesCommand,
  record: recordCommand,
  heat: heatCommand,
  // Loaded when asked for: the report of `heat` is not to wait for writers of formats.
  export: async (args) => (await import('./exportCommand.js')).exportCommand(args),
  diff: async (args) => (await import('./diffCommand.js')).diffCommand(args),
  plan: async (args) => (await import('./planCommand.js')).planCommand(args),
  explain: async (args) => (await import('./explainCommand.js')).explainCommand(args),
  statements: async (args) => (await import('./statementsCommand.js')).statementsCommand(args),
};

async function main(args: readonly string[]): Promise<number | void> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') return print([packageJson.version]);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help' || asksForHelp(rest))
    return print(USAGE.split('\n'));
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw usageError(`There is no command "${name}"`);
  return command(rest);
}

/** What stands behind `--` is the recorded command's own. */
function asksForHelp(args: readonly string[]): boolean {
  const separator = args.indexOf('--');
  return args.slice(0, separator < 0 ? undefined : separator).includes('--help');
}

function end(error: unknown): void {
  note(oneLine(error));
  // What runs a program for somebody has said what its own failures are.
  process.exit(isUsageError(error) ? 2 : Number(process.exitCode ?? 1));
}

// Node would print it as it is, with its stack and whatever others have written into it.
process.on('uncaughtException', end);

/** Also of a string that stands in the wrong place, which an error about that place would repeat. */
function rememberConnectionStrings(): void {
  const texts = [
    ...process.argv.slice(2).map((text) => text.replace(/^--[\w-]+=/, '')),
    process.env.HEATLENS_MONGODB_URI,
  ];
  for (const text of texts) if (text !== undefined && /mongo/i.test(text.slice(0, 20))) rememberUri(text);
}

rememberConnectionStrings();
main(process.argv.slice(2)).then(
  // Sockets that are still closing must not hold the command line back.
  (code) => process.exit(code ?? 0),
  end,
);

function isUsageError(error: unknown): boolean {
  return isHeatlensError(error, 'usage') || isParseError(error);
}

function isParseError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException | undefined)?.code).startsWith('ERR_PARSE_ARGS');
}

function oneLine(error: unknown): string {
  const text = onOneLine(errorText(error)).trim();
  if (isHeatlensError(error)) return text;
  // parseArgs' own messages already name the option.
  if (isParseError(error)) return `${text.replace(/\.?$/, '.')} See heatlens --help.`;
  return `${text} This is a defect of Heatlens; please report it.`;
}
