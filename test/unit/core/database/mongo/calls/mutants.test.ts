import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStatementFinder } from '../../../../../../src/core/database/mongo/calls/findStatements';
import { shellText } from '../../../../../../src/core/database/mongo/shell/shellText';
import { randomNumbers } from '../../../../../support/mutate';
import { mutateCode } from '../../../../../support/mutateCode';
import { repositoryRoot } from '../../../../../support/nodeVersions';

const folder = join(repositoryRoot, 'test/fixtures/mongo/statements');
/** Of each file. */
const MUTANTS = 900;
/** Lines of a mutant: enough for what imports, declares and asks. */
const LINES = 50;
/** Looks at the clock: the most of a mutant are some 300. */
const MAX_LOOKS = 5_000;

describe('mutants of sources', function () {
  this.timeout(300_000);
  const files = readdirSync(folder).filter((name) => /\.(js|ts|py)$/.test(name));
  let read = 0;
  let found = 0;

  for (const name of files) {
    it(`of ${name} are read without an error and without much ado`, () => {
      const text = readFileSync(join(folder, name), 'utf8');
      const lines = text.split('\n');
      const random = randomNumbers(12);
      let looks = 0;
      const now = (): number => {
        looks++;
        return 0;
      };
      for (let index = 0; index < MUTANTS; index++) {
        const start = Math.floor(random() * Math.max(1, lines.length - LINES));
        // The beginning says what database it is.
        const part = [...lines.slice(0, 8), ...lines.slice(Math.max(8, start), start + LINES)].join('\n');
        const mutant = mutateCode(part, random);
        looks = 0;
        const finder = createStatementFinder(`/nowhere/${name}`, {}, { timeLimitMs: 1e9, now });
        try {
          for (const statement of finder.find(mutant)) found += shellText(statement).text.length > 0 ? 1 : 0;
          // A next version goes on from this one.
          if (index % 10 === 0) finder.find(mutateCode(mutant, random));
        } catch (error) {
          throw new Error(`mutant ${index}:\n${JSON.stringify(mutant)}`, { cause: error });
        }
        assert.ok(looks < MAX_LOOKS, `mutant ${index}: ${looks} looks at the clock\n${JSON.stringify(mutant)}`);
        read++;
      }
    });
  }

  it('are five thousand at least, and most have statements', () => {
    assert.ok(read >= 5_000, `${read}`);
    assert.ok(found > read, `${found} statements`);
  });
});
