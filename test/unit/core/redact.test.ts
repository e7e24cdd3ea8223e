import assert from 'node:assert/strict';
import { readConnectionString, redactUri } from '../../../src/core/database/mongo/connection/connectionString';
import { redactText } from '../../../src/core/database/mongo/connection/redactText';
import { hideSecrets, redact, rememberSecrets, secretsFrom } from '../../../src/core/redact';

describe('redact', () => {
  const check = (text: string, expected: string): void => assert.equal(redact(text), expected);

  it('hides user and password of addresses', () => {
    check('mongodb://user:p%40ss@db:27017/shop', 'mongodb://***@db:27017/shop');
    check('at mongodb+srv://u:p@cluster.example/?w=1', 'at mongodb+srv://***@cluster.example/?w=1');
    check('http://127.0.0.1:9229/json', 'http://127.0.0.1:9229/json');
  });

  it('hides named secrets in queries, options, JSON and headers', () => {
    check('https://api.example/x?token=abc123&page=2', 'https://api.example/x?token=***&page=2');
    check('node app.js --db-password hunter2 --port 80', 'node app.js --db-password *** --port 80');
    check('node app.js --api-key=hunter2 --port 80', 'node app.js --api-key=*** --port 80');
    check('{"clientSecret":"abc","name":"x"}', '{"clientSecret":"***","name":"x"}');
    check('Authorization: Bearer eyJhbGciOi.x', 'Authorization: Bearer ***');
    check('DB_PASSWORD=abc node app.js', 'DB_PASSWORD=*** node app.js');
  });

  it('leaves ordinary text alone', () => {
    check('attached to server.js (4242) in 210 ms', 'attached to server.js (4242) in 210 ms');
    check('node --require ./register app.js', 'node --require ./register app.js');
    check('/srv/app/tokenizer.ts:12', '/srv/app/tokenizer.ts:12');
  });

  it('hides what is known, before it looks for patterns', () => {
    rememberSecrets('test', secretsFrom(['s p a c e d', 'quoted"one']));
    check('a s p a c e d word and a quoted"one', 'a *** word and a ***');
  });

  it('shows nothing of a text with a secret too short to be taken out', () => {
    const secrets = secretsFrom(['a']);
    assert.equal(hideSecrets('an apple', secrets, 100), 'an apple');
    assert.match(hideSecrets('the password "a" is wrong', secrets, 100), /^\(not shown/);
  });

  const long: Record<string, string> = {
    'addresses with many logins': `mongodb://${'@a?c=d&'.repeat(200_000)}`,
    'one word': 'a'.repeat(1_000_000),
    'many schemes': 'a://'.repeat(300_000),
    'many schemes with logins': 'a://b@'.repeat(300_000),
    spaces: `authorization: ${' '.repeat(1_000_000)}`,
    dashes: '-'.repeat(1_000_000),
    'options without a value': '--token-'.repeat(200_000),
    'names of secrets': 'password'.repeat(200_000),
    'names and spaces': `password ${' '.repeat(500_000)}= x`,
    dots: '. '.repeat(500_000),
    'at signs': '@'.repeat(1_000_000),
    'colons and slashes': ':/'.repeat(500_000),
  };
  for (const [what, text] of Object.entries(long)) {
    it(`ends soon, whatever it is given: ${what}`, () => {
      const began = performance.now();
      assert.ok(redact(text).length <= 21_000);
      assert.ok(redactText(text, 'mongodb://ada:hunter2@h/').length <= 2_100);
      redactUri(`mongodb://${text}`);
      readConnectionString(`mongodb://${text}`);
      assert.ok(performance.now() - began < 2_000);
    });
  }
});
