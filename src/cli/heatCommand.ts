import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openFiles } from '../node/recording/openedFiles';
import { DEFAULT_OPTIONS } from '../node/recording/recordingTypes';
import { formatReport, heatReport } from './heatReport';
import { note, print, printJson } from './output';
import { pathMappings } from './usage';
import { nothingLoaded, usageError } from './cliErrors';

/** `heatlens heat FILE… [--root DIR] [--map REMOTE=LOCAL] [--json]`: heat of saved profiles, merged. */
export async function heatCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      root: { type: 'string', multiple: true, default: [] },
      map: { type: 'string', multiple: true, default: [] },
    },
  });
  if (!positionals.length) throw usageError('heat takes one or more .cpuprofile or .heapprofile files');
  const { snapshot, targets, problems } = await openFiles(
    positionals.map((file) => resolve(file)),
    {
      ...DEFAULT_OPTIONS,
      roots: [...values.root.map((root) => resolve(root)), process.cwd()],
      pathMappings: pathMappings(values.map),
    },
  );
  // One bad file among good ones is a remark; nothing to show at all is a failure.
  if (!snapshot) {
    const [first, ...rest] = problems;
    for (const problem of rest) note(problem);
    throw nothingLoaded(first, targets.length ? 'Record it again; it holds nothing to show.' : '');
  }
  const report = heatReport(snapshot, targets, problems);
  await (values.json ? printJson(JSON.stringify(report, undefined, 2)) : print(formatReport(report)));
}
