import assert from 'node:assert/strict';
import { redact } from '../../../src/core/redact';

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
});
