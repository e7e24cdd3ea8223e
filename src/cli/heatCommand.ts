import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRecording } from '../node/recording/recording';
import { formatReport, heatReport } from './heatReport';
import { note, print } from './output';
import { nothingLoaded, usageError } from './cliErrors';

/** `heatlens heat FILE… [--root DIR] [--json]`: heat of saved profiles, merged. */
export async function heatCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, root: { type: 'string', multiple: true, default: [] } },
  });
  if (!positionals.length) throw usageError('heat takes one or more .cpuprofile or .heapprofile files');
  const recording = createRecording({ roots: [...values.root.map((root) => resolve(root)), process.cwd()] });
  try {
    const { problems } = await recording.loadFiles(positionals.map((file) => resolve(file)));
    // One bad file among good ones is a remark; nothing to show at all is a failure.
    if (!recording.snapshot) {
      const [first, ...rest] = problems;
      for (const problem of rest) note(problem);
      throw nothingLoaded(first, recording.targets.length ? 'Record it again; it holds nothing to show.' : '');
    }
    const report = heatReport(recording.snapshot, recording.targets, problems);
    await print(values.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  } finally {
    recording.dispose();
  }
}
