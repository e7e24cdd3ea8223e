import { HeatlensError } from '../../errors';

/** Nothing in the file can be used. `format` as people call it ("pprof"), `why` without a full stop. */
export function nothingUsable(title: string, format: string, why: string): HeatlensError {
  return new HeatlensError(
    'profileUnusable',
    `${title} holds nothing that can be shown as a ${format} profile: ${why}.`,
    'Record or export it again, and wait until the tool that writes it has ended.',
  );
}

export function noMeasureFor(title: string, format: string, wanted: string): HeatlensError {
  return new HeatlensError(
    'noMeasure',
    `${title} has no ${wanted}, which ${format} needs.`,
    'Choose another format: speedscope, pprof, folded, svg and html hold every measure.',
  );
}

export function exportTooLarge(title: string, format: string): HeatlensError {
  return new HeatlensError(
    'exportTooLarge',
    `${title} is too deep for ${format}: it repeats the whole stack for each sample, which would take more than 2 GB.`,
    'Export it as speedscope or cpuprofile, which do not repeat stacks.',
  );
}
