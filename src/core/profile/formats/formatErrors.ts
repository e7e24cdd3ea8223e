import { t } from '@vscode/l10n';
import { HeatlensError } from '../../errors';

/** Nothing in the file can be used. `format` as people call it ("pprof"), `why` without a full stop. */
export function nothingUsable(title: string, format: string, why: string): HeatlensError {
  return new HeatlensError(
    'profileUnusable',
    t('{0} holds nothing that can be shown as a {1} profile: {2}.', title, format, why),
    t('Record or export it again, and wait until the tool that writes it has ended.'),
  );
}

export function noMeasureFor(title: string, format: string, wanted: string): HeatlensError {
  return new HeatlensError(
    'noMeasure',
    t('{0} has no {1}, which {2} needs.', title, wanted, format),
    t('Choose another format: speedscope, pprof, folded, svg and html hold every measure.'),
  );
}

export function exportTooLarge(title: string, format: string): HeatlensError {
  return new HeatlensError(
    'exportTooLarge',
    t(
      '{0} is too deep for {1}: it repeats the whole stack for each sample, which would take more than 2 GB.',
      title,
      format,
    ),
    t('Export it as speedscope or cpuprofile, which do not repeat stacks.'),
  );
}
