import assert from 'node:assert/strict';
import { readEnvFile } from '../../../../../../src/core/database/mongo/connection/envFile';

describe('readEnvFile', () => {
  const cases: [what: string, text: string, expected: Record<string, string>][] = [
    ['plain lines', 'A=1\nB = two words \n\n# comment\nC=', { A: '1', B: 'two words', C: '' }],
    ['export and Windows line ends', 'export A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['a byte order mark', '\uFEFFA=1', { A: '1' }],
    ['quotes', `A='one # two'\nB="a\\nb"\nC=\`x"y'\`\nD="it's"`, { A: 'one # two', B: 'a\nb', C: 'x"y\'', D: "it's" }],
    ['comments behind values, and # in values', 'A=1 # one\nB=a#b', { A: '1', B: 'a#b' }],
    ['quoted values over lines', 'A="x\ny"\nB=1', { A: 'x\ny', B: '1' }],
    [
      'other variables',
      "U=ada\nP=pw\nURI=mongodb://${U}:$P@h/${DB:-shop}\nS='${U}'\nN=${NONE}",
      { U: 'ada', P: 'pw', URI: 'mongodb://ada:pw@h/shop', S: '${U}', N: '' },
    ],
    ['variables that come later', 'URI=mongodb://${H}/x\nH=host', { URI: 'mongodb://host/x', H: 'host' }],
    ['escaped and single dollars', 'A=a\\$b\nB=p$ss\nC=5$', { A: 'a$b', B: 'p$ss', C: '5$' }],
    ['the last of several', 'A=1\nA=2', { A: '2' }],
    ['lines that are none', 'just text\n=x\n{"a": 1}\nA=1', { A: '1' }],
  ];
  for (const [what, text, expected] of cases) it(`reads ${what}`, () => assert.deepEqual(readEnvFile(text), expected));

  it('ends with variables that name each other, or grow without end', () => {
    assert.equal(typeof readEnvFile('A=${B}\nB=${A}').A, 'string');
    const growing = Array.from(
      { length: 30 },
      (_, at) => `V${at}=${'${V' + String(at + 1) + '}'}${'${V' + String(at + 1) + '}'}`,
    ).join('\n');
    const began = performance.now();
    const found = readEnvFile(`${growing}\nV30=${'x'.repeat(50)}`);
    assert.ok(found.V0.length <= 20_000);
    assert.ok(performance.now() - began < 2_000);
  });
});
