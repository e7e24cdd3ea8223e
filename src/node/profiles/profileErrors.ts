import { errorText, HeatlensError } from '../../core/errors';

export function profileUnreadable(path: string, why: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileUnreadable',
    `${path} cannot be read: ${why}.`,
    'Check the path and the permissions.',
    { cause },
  );
}

export function profileTruncated(path: string, why: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileTruncated',
    `${path} is not a complete profile: ${why}.`,
    'Record it again, and wait until the tool that writes it has ended.',
    { cause },
  );
}

export function profileForeign(path: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileForeign',
    `${path} is neither a V8 CPU profile (nodes) nor a V8 heap profile (head), nor is it pprof, speedscope or folded stacks.`,
    'Choose a .cpuprofile or .heapprofile file as Node, Chrome DevTools or VS Code write it, or one of those formats.',
    { cause },
  );
}

/** `format` as people call it; `most` is what can be read of it. */
export function profileTooLarge(path: string, bytes: number, format: string, most: number): HeatlensError {
  return new HeatlensError(
    'profileTooLarge',
    `${path} has ${Math.round(bytes / 1e6)} MB, more than the ${Math.round(most / 1024 ** 2)} MB of a ${format} file that can be read at once.`,
    'Record a shorter time or a longer sampling interval, or have it written as .cpuprofile, which may be of any size.',
  );
}

export function profileOutOfMemory(path: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'profileOutOfMemory',
    `${path} needs more memory than there is.`,
    'Close other programs, or record a shorter time or a longer sampling interval.',
    { cause },
  );
}

/** Heat needs V8's own positions. */
export function profileWithoutPositions(path: string, format: string): HeatlensError {
  return new HeatlensError(
    'profileWithoutPositions',
    `${path} is a ${format} file, and heat of methods is read from V8's own profiles.`,
    'Open it as a flame graph, or convert it first: heatlens export FILE --to cpuprofile --out OUT.',
  );
}

export function exportNotWritten(path: string, error: unknown): HeatlensError {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'its folder does not exist'
      : code === 'EISDIR'
        ? 'it is a folder'
        : code === 'EACCES' || code === 'EPERM'
          ? 'there is no permission'
          : code === 'ENOSPC'
            ? 'the disk is full'
            : errorText(error);
  return new HeatlensError('exportNotWritten', `${path} cannot be written: ${why}.`, 'Choose another file.', {
    cause: error,
  });
}

export function pageMissing(folder: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'pageMissing',
    `The page of the HTML report is not in ${folder}.`,
    'Reinstall Heatlens, or run `npm run build` in its repository.',
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
