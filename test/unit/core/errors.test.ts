import assert from 'node:assert/strict';
import { errorText, HeatlensError, isHeatlensError } from '../../../src/core/errors';

describe('errors', () => {
  const error = new HeatlensError('mongoDown', 'No server listens at h.', 'Start the\n  database.');

  it('are told by their code', () => {
    assert.ok(isHeatlensError(error));
    assert.ok(isHeatlensError(error, 'mongoDown'));
    assert.ok(isHeatlensError(error, 'mongoTls', 'mongoDown'));
    assert.ok(!isHeatlensError(error, 'mongoTls'));
    assert.ok(!isHeatlensError(Object.assign(new Error('x'), { code: 'mongoDown' }), 'mongoDown'));
  });

  it('have cause and next step on one line', () => {
    assert.equal(errorText(error), 'No server listens at h. Start the database.');
    assert.equal(errorText(new Error('other')), 'other');
    assert.equal(errorText('text'), 'text');
  });
});
