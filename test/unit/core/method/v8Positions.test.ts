import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexMethods } from '../../../../src/core/method/methodIndex';
import { methodNear } from '../../../../src/core/method/methodNear';
import { nodeBinaries, repositoryRoot } from '../../../support/nodeVersions';

interface Frame {
  functionName: string;
  line: number;
  column: number;
}

const fixtures = join(repositoryRoot, 'test/fixtures/method');

describe('positions that V8 reports', () => {
  for (const { version, path } of nodeBinaries()) {
    for (const fixture of ['everyKind.js', 'formatting.js']) {
      it(`lead to the methods of ${fixture} on Node ${version}`, function () {
        this.timeout(30_000);
        const file = join(fixtures, fixture);
        const source = readFileSync(file, 'utf8');
        const index = indexMethods(source, file);
        const { labels, frames }: { labels: string[]; frames: Record<string, Frame[]> } = JSON.parse(
          execFileSync(path, [join(fixtures, 'recordFrames.cjs'), file], { encoding: 'utf8' }),
        );
        const written = new Set([...source.matchAll(/\bburn\((['"])(.*?)\1\)/g)].map(([, , label]) => label));
        assert.deepEqual([...labels].sort(), [...written].sort(), 'every function of the fixture ran');
        for (const label of labels) {
          assert.ok(frames[label]?.length > 0, `${label} was sampled`);
          for (const { functionName, line, column } of frames[label]) {
            const found = methodNear(index, { line, column }, { line, column }, functionName);
            assert.equal(index.methods[found]?.qualifiedName, label, `${functionName} at ${line}:${column}`);
          }
        }
      });
    }
  }
});
