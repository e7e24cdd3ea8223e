import assert from 'node:assert/strict';
import { startupAction } from '../../../../src/editor/commands/startup';

describe('attach on startup', () => {
  it('names a process, a loopback port, or a script', () => {
    assert.deepEqual(startupAction({ pid: 42 }, undefined), {
      target: { spec: { kind: 'pid', pid: 42 }, name: 'pid 42' },
    });
    assert.deepEqual(startupAction({ port: 9229 }, undefined), {
      target: { spec: { kind: 'host', host: '127.0.0.1', port: 9229 }, name: '127.0.0.1:9229' },
    });
    assert.deepEqual(startupAction({ script: 'src/app.js' }, '/ws'), {
      launch: { kind: 'script', path: '/ws/src/app.js', args: [] },
    });
    assert.deepEqual(startupAction({ script: '/x/app.js' }, undefined), {
      launch: { kind: 'script', path: '/x/app.js', args: [] },
    });
  });

  it('is nothing when empty, when it makes no sense, and for another machine, which needs a confirmation', () => {
    for (const setting of [
      undefined,
      null,
      {},
      { pid: -1 },
      { pid: 1.5 },
      { host: 'db.example', port: 9229 },
      { script: 'app.js' },
    ]) {
      assert.equal(startupAction(setting, undefined), undefined, JSON.stringify(setting));
    }
  });
});
