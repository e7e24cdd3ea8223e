import { statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/nodeVersions';
import { measureInHost } from './inHost';
import type { BenchOptions } from './options';
import type { Row } from './rows';

/** Measured inside the real extension host (see host/), and the size of the package. */
export async function measureEditor({ quick }: BenchOptions): Promise<Row[]> {
  process.env.HEATLENS_BENCH_MINUTES = quick ? '1' : '5';
  const rows = await measureInHost('index', 15);
  const vsix = statSync(join(repositoryRoot, 'test-output/heatlens.vsix')).size / 1e6;
  return [...rows, { part: 'package', what: 'VSIX', value: vsix, unit: 'MB', limit: 3 }];
}
