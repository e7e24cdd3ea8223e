import { basename } from 'node:path';
import { isHeatlensError } from '../../core/errors';
import { readFolded } from '../../core/profile/formats/folded';
import { readPprof } from '../../core/profile/formats/readPprof';
import { readSpeedscope } from '../../core/profile/formats/readSpeedscope';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { readV8Cpu, readV8Heap } from '../../core/profile/v8/readV8';
import type { ReadOptions } from './profileBytes';
import { profileForeign } from './profileErrors';
import { asLimit, readProfile, type ProfileContent } from './readProfile';

/**
 * The profiles in a file of any format that we know, told by its content, packed or not: at least one; several where a
 * speedscope file holds several. Throws a HeatlensError that names the file, or the signal's reason.
 */
export async function readColumns(path: string, options: ReadOptions = {}): Promise<readonly ProfileColumns[]> {
  const content = await readProfile(path, options);
  try {
    return columnsOf(content, basename(path));
  } catch (error) {
    const failure = asLimit(path, error);
    if (failure !== error) throw failure;
    // What was taken for lines of stacks only because it is text is just something else.
    if (content.format === 'folded' && isHeatlensError(error)) throw profileForeign(path, error);
    throw error;
  }
}

function columnsOf(content: ProfileContent, title: string): readonly ProfileColumns[] {
  switch (content.format) {
    case 'cpuprofile':
      return [readV8Cpu(content.profile, title)];
    case 'heapprofile':
      return [readV8Heap(content.profile, title, content.note.measure)];
    case 'speedscope':
      return readSpeedscope(content.json, title);
    case 'pprof':
      return [readPprof(content.bytes, title)];
    case 'folded':
      return [readFolded(content.text, title)];
  }
}
