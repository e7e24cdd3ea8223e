import { t } from '@vscode/l10n';
import { errorText, HeatlensError } from '../../core/errors';

export function profileUnreadable(path: string, why: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileUnreadable',
    t('{0} cannot be read: {1}.', path, why),
    t('Check the path and the permissions.'),
    { cause },
  );
}

export function profileTruncated(path: string, why: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileTruncated',
    t('{0} is not a complete profile: {1}.', path, why),
    t('Record it again, and wait until the tool that writes it has ended.'),
    { cause },
  );
}

export function profileForeign(path: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileForeign',
    t(
      '{0} is neither a V8 CPU profile (nodes) nor a V8 heap profile (head), nor is it pprof, speedscope or folded stacks.',
      path,
    ),
    t(
      'Choose a .cpuprofile or .heapprofile file as Node, Chrome DevTools or VS Code write it, or one of those formats.',
    ),
    { cause },
  );
}

/** `format` as people call it; `most` is what can be read of it. */
export function profileTooLarge(path: string, bytes: number, format: string, most: number): HeatlensError {
  return new HeatlensError(
    'profileTooLarge',
    t(
      '{0} has {1} MB, more than the {2} MB of a {3} file that can be read at once.',
      path,
      Math.round(bytes / 1e6),
      Math.round(most / 1024 ** 2),
      format,
    ),
    t(
      'Record a shorter time or a longer sampling interval, or have it written as .cpuprofile, which may be of any size.',
    ),
  );
}

/** `why` completes the sentence with what it has too much of. */
export function profileBeyondLimits(path: string, why: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileTooLarge',
    t('{0} is not read: {1}.', path, why),
    t(
      'Record a shorter time or a longer sampling interval; a file that nobody recorded may be made to fill the memory.',
    ),
    { cause },
  );
}

/** A packed file that unpacks to more than `why` says. */
export function profileUnpacksTooLarge(path: string, why: string): HeatlensError {
  return new HeatlensError(
    'profileTooLarge',
    t('{0} is not read: {1}.', path, why),
    t('If you know where it comes from, unpack it with gunzip, and open what comes out.'),
  );
}

export function profileOutOfMemory(path: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileOutOfMemory',
    t('{0} needs more memory than there is.', path),
    t('Close other programs, or record a shorter time or a longer sampling interval.'),
    { cause },
  );
}

/** Heat needs V8's own positions. */
export function profileWithoutPositions(path: string, format: string): HeatlensError {
  return new HeatlensError(
    'profileWithoutPositions',
    t("{0} is a {1} file, and heat of methods is read from V8's own profiles.", path, format),
    t('Open it as a flame graph, or convert it first: heatlens export FILE --to cpuprofile --out OUT.'),
  );
}

export function exportNotWritten(path: string, error: unknown): HeatlensError {
  return new HeatlensError(
    'exportNotWritten',
    t('{0} cannot be written: {1}.', path, whyNotWritten(error)),
    t('Choose another file.'),
    { cause: error },
  );
}

function whyNotWritten(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return t('its folder does not exist');
    case 'EISDIR':
      return t('it is a folder');
    case 'EACCES':
    case 'EPERM':
      return t('there is no permission');
    case 'ENOSPC':
      return t('the disk is full');
    default:
      return errorText(error);
  }
}

export function pageMissing(folder: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'pageMissing',
    t('The page of the HTML report is not in {0}.', folder),
    t('Reinstall Heatlens, or run `npm run build` in its repository.'),
    { cause },
  );
}

/** An error that crossed from a thread as its parts. */
export function profileFailure({
  code,
  message,
  nextStep,
}: Pick<HeatlensError, 'code' | 'message' | 'nextStep'>): HeatlensError {
  return new HeatlensError(code, message, nextStep);
}
