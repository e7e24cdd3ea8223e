import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../src/core/errors';
import { addressText, parseAddress } from '../../../../src/editor/processes/address';

describe('address of an inspector', () => {
  const check = (text: string, host: string, port: number): void =>
    assert.deepEqual(parseAddress(text), { host, port }, text);

  it('is read from a port, host and port, IPv6, and what Node prints', () => {
    check('9229', '127.0.0.1', 9229);
    check(':9230', '127.0.0.1', 9230);
    check(' localhost:9229 ', 'localhost', 9229);
    check('[::1]:9229', '::1', 9229);
    check('ws://127.0.0.1:9229/166e272e-7a30-4d09-97ce-f1c012b43c34', '127.0.0.1', 9229);
    check('http://api.internal:9229/json/list', 'api.internal', 9229);
  });

  for (const text of ['', 'localhost', 'host:', 'host:0', 'host:70000', '::1:9229', 'a b:9229', 'host:12ab']) {
    it(`refuses ${JSON.stringify(text)} with a next step`, () => {
      assert.throws(
        () => parseAddress(text),
        (error) => isHeatlensError(error) && error.code === 'badAddress',
      );
    });
  }

  it('is written back with brackets for IPv6', () => {
    assert.equal(addressText({ host: '::1', port: 1 }), '[::1]:1');
    assert.equal(addressText({ host: 'h', port: 1 }), 'h:1');
  });
});
