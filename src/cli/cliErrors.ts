import { errorText, HeatlensError } from '../core/errors';
import { formatDuration } from '../core/words/times';
import type { Ending } from './launch';

// The command line is not translated, so its own errors are plain English.

export function usageError(problem: string): HeatlensError {
  return new HeatlensError('usage', `${problem}.`, 'See heatlens --help.');
}

export function remoteNotAllowed(host: string): HeatlensError {
  return new HeatlensError(
    'remoteNotAllowed',
    `${host} is not a loopback address, and an inspector gives whoever reaches it full control of the process.`,
    'Forward the port (ssh -L, kubectl port-forward) and use 127.0.0.1, or add --allow-remote.',
  );
}

export function endedTooSoon(): HeatlensError {
  return new HeatlensError(
    'endedTooSoon',
    'The process ended before anything was measured.',
    'Let it run longer, or record one that keeps running.',
  );
}

/** Of a program that was started to be measured: a script that is missing, or fails at once. */
export function programEndedTooSoon(ending: Ending): HeatlensError {
  return new HeatlensError(
    'endedTooSoon',
    `The program ${endingText(ending)}, before it could be measured.`,
    ending.code === 0 ? 'Record one that runs longer.' : 'What it printed says why.',
  );
}

/** `ended with code 1 after 40 ms` */
export function endingText({ code, signal, afterMs }: Ending): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  return `${how} after ${formatDuration(afterMs)}`;
}

export function stoppedTooSoon(): HeatlensError {
  return new HeatlensError(
    'stoppedTooSoon',
    'Stopped before anything was measured.',
    'Let it measure for a second at least.',
  );
}

export function nothingMeasured(why: string): HeatlensError {
  return new HeatlensError('nothingMeasured', `Nothing was measured: ${why}`, '');
}

export function launchFailed(command: string, why: string): HeatlensError {
  return new HeatlensError(
    'launchFailed',
    `${command} could not be started: ${why}.`,
    'Check the command that follows --.',
  );
}

export function cannotWrite(path: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'cannotWrite',
    `${path} cannot be written: ${String(cause)}.`,
    'Choose another place with --out.',
    { cause },
  );
}

export function noSuchProfile(file: string, profiles: number, wanted: number | undefined): HeatlensError {
  return new HeatlensError(
    'noSuchProfile',
    `${file} holds ${profiles === 1 ? 'one profile' : `${profiles} profiles`}, and --profile asks for number ${wanted}.`,
    `Choose a number from 1 to ${profiles}.`,
  );
}

export function noSuchMeasure(title: string, wanted: string, labels: readonly string[]): HeatlensError {
  return new HeatlensError(
    'noSuchMeasure',
    `${title} has no ${wanted}.`,
    `Choose one that it has: ${labels.join(', ')}.`,
  );
}

/** Each side with what it has: `a.cpuprofile has CPU time`. */
export function nothingInCommon(before: string, after: string): HeatlensError {
  return new HeatlensError(
    'nothingInCommon',
    `${before} and ${after}, which cannot be compared.`,
    'Choose two profiles of one kind.',
  );
}

export function nothingLoaded(why: string, nextStep: string): HeatlensError {
  return new HeatlensError('nothingLoaded', why, nextStep);
}

export function planUnreadable(path: string, cause: unknown): HeatlensError {
  return new HeatlensError('unreadable', `${path} cannot be read: ${errorText(cause)}.`, 'Check the path.', {
    cause,
  });
}

export function notSource(file: string): HeatlensError {
  return new HeatlensError(
    'notSource',
    `${file} is neither JavaScript, TypeScript nor Python.`,
    'Give files that end in .js, .ts, .py or a variant of these.',
  );
}

export function sourceUnreadable(file: string, reason: string, cause: unknown): HeatlensError {
  return new HeatlensError('unreadable', `Cannot read ${file}: ${reason}.`, 'Check the path.', { cause });
}

/** A defect of ours, which is no reason to leave out other files. */
export function readingFailed(file: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'unreadable',
    `Cannot read ${file}: its code is not understood (${errorText(cause)}).`,
    'This is a defect of Heatlens; please report it.',
    { cause },
  );
}

export function noStatementAt(file: string, line: number, nearest: readonly string[]): HeatlensError {
  return new HeatlensError(
    'noStatement',
    `There is no MongoDB statement at line ${line} of ${file}.`,
    nearest.length
      ? `The nearest: ${nearest.join(', ')}.`
      : 'The file has none that can be read; heatlens statements FILE lists them.',
  );
}

export function unknownHole(name: string, holes: readonly string[]): HeatlensError {
  return new HeatlensError(
    'unknownHole',
    `The statement has no hole named ${name}.`,
    holes.length ? `Its holes are ${holes.join(', ')}.` : 'It has none: take the --value out.',
  );
}

/** What is wrong with the value that was given for a hole. */
export function badHoleValue(name: string, { code, message, nextStep }: HeatlensError): HeatlensError {
  return new HeatlensError(code, `--value ${name}: ${message}`, nextStep);
}
