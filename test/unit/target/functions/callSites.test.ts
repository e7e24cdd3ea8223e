import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TargetCallSite } from '../../../../src/core/protocol/targetFunctions';
import { parseCallSites } from '../../../../src/core/protocol/callSiteText';
import { callTarget } from '../../../../src/node/inspector/callTarget';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { outerNodes } from '../../../support/nodeVersions';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../../support/program';

/** Its `inner` stands on lines 41 to 45. */
const PROGRAM = join(targetFixtures, 'interrupted.cjs');
/** What a program may have made of `Error`, and whether its stack can be had on Node 20 all the same. */
const MODES = {
  plain: true,
  hook: true,
  accessor: false,
  frozen: false,
  unlimited: true,
  replaced: true,
  proxy: false,
};

let asked = 0;
async function stateOf(program: Program): Promise<string> {
  process.kill(program.pid, 'SIGUSR2');
  asked++;
  const [, state] = await program.waitFor(new RegExp(`state ${asked}: (.*) end`));
  return state;
}

describe('the stack that a message interrupts', function () {
  this.timeout(60_000);
  beforeEach(() => {
    asked = 0;
  });
  afterEach(stopPrograms);

  for (const { version, path } of outerNodes()) {
    it(`is there now and then where the program's own hook for stacks is interrupted, Node ${version}`, async () => {
      const program = await startProgram(path, [PROGRAM, 'slowHook']);
      const connection = await connectToPid(program.pid);
      const found: Record<string, number> = { none: 0, some: 0 };
      for (let look = 0; look < 300; look++) {
        const text = await callTarget(connection.main.channel, 'callSites', [8]);
        assert.notEqual(text, null, 'it can be had');
        found[text === '' ? 'none' : 'some']++;
      }
      assert.ok(found['some'] > 0, JSON.stringify(found));
      await connection.close();
    });

    for (const [mode, canOn20] of Object.entries(MODES)) {
      it(`shows what is inlined and leaves Error as it is, ${mode}, Node ${version}`, async () => {
        const program = await startProgram(path, [PROGRAM, mode]);
        const before = await stateOf(program);
        const connection = await connectToPid(program.pid);
        const { channel } = connection.main;
        let found: readonly TargetCallSite[] | null = [];
        // The callback leaves the thread idle now and then.
        for (let look = 0; look < 2_000 && found?.[0]?.name !== 'inner'; look++) {
          const text = await callTarget(channel, 'callSites', [8]);
          found = text === null ? null : parseCallSites(text)!;
          if (found === null) break;
        }
        if (version === 20 && !canOn20) assert.equal(found, null);
        else {
          const [innermost, caller] = found!;
          assert.deepEqual([innermost.name, caller.name], ['inner', 'outer']);
          assert.match(innermost.url, /interrupted\.cjs$/);
          assert.ok(innermost.line >= 41 && innermost.line <= 45 && innermost.column > 0, JSON.stringify(innermost));
          assert.ok(found!.length <= 8 && found!.every(({ url }) => url !== 'node:heatlens'));
        }
        await connection.close();
        assert.equal(await stateOf(program), before);
      });
    }
  }
});
