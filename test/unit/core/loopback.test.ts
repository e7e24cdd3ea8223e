import assert from 'node:assert/strict';
import { isLoopback } from '../../../src/core/loopback';

describe('loopback', () => {
  for (const host of [
    'localhost',
    'LOCALHOST',
    'Localhost.',
    '127.0.0.1',
    '127.1.2.3',
    '127.255.255.255',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    '0000:0000:0000:0000:0000:0000:0000:0001',
    '::ffff:127.0.0.1',
    '::FFFF:127.0.0.1',
    '[::ffff:127.1.2.3]',
    '0:0:0:0:0:ffff:127.0.0.1',
    '::ffff:7f00:1',
  ]) {
    it(`is ${host}`, () => assert.ok(isLoopback(host)));
  }

  for (const host of [
    '',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    '1127.0.0.1',
    '127.0.0.256',
    '127.0.0.01',
    '127.1',
    '127.0.0.1.',
    '127.0.0.1.evil.com',
    'localhost.evil.com',
    'localhost..',
    'notlocalhost',
    '::2',
    '1::1',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1.evil.com',
    '::ffff:8000:1',
    '[::1',
    'localhost\n',
  ]) {
    it(`is not ${JSON.stringify(host)}`, () => assert.ok(!isLoopback(host)));
  }
});
