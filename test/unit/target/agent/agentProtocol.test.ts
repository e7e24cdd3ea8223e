import assert from 'node:assert/strict';
import {
  agentDirectoriesOf,
  agentFileName,
  agentPipeName,
  agentThreadOf,
} from '../../../../src/core/protocol/agentProtocol';

describe('names of agents', () => {
  it('has the same directories for all of a user, whatever TMPDIR is, and those first that nobody else can make', () => {
    const host = { platform: 'linux', uid: 1000, env: { TMPDIR: '/elsewhere' }, homeDirectory: '/home/u' };
    const usual = ['/run/user/1000/heatlens', '/tmp/heatlens-1000', '/home/u/.cache/heatlens'];
    assert.deepEqual(agentDirectoriesOf(host), usual);
    assert.deepEqual(agentDirectoriesOf({ ...host, env: { HEATLENS_AGENT_DIR: '/run/hl' } }), ['/run/hl']);
    const withRuntime = (folder: string): string[] => agentDirectoriesOf({ ...host, env: { XDG_RUNTIME_DIR: folder } });
    assert.deepEqual(withRuntime('/run/user/1000/'), usual);
    assert.deepEqual(withRuntime('/run/mine'), ['/run/mine/heatlens', ...usual]);
    assert.deepEqual(withRuntime('mine'), usual, 'a relative one is none');
    const windows = { platform: 'win32', uid: undefined, env: {}, homeDirectory: 'C:\\Users\\u' };
    assert.deepEqual(agentDirectoriesOf(windows), ['C:\\Users\\u\\AppData\\Local\\heatlens-agent']);
  });

  it('reads back the names that it gives', () => {
    const thread = { pid: 4711, threadId: 3 };
    for (const name of [
      agentFileName(thread, 'linux'),
      agentFileName(thread, 'win32'),
      agentPipeName(thread),
      `/tmp/heatlens-1000/${agentFileName(thread, 'linux')}`,
    ]) {
      assert.deepEqual(agentThreadOf(name), thread, name);
    }
    for (const name of ['notes.txt', '12.sock', 'a1-2.sock', '1-2.sock.old', ''])
      assert.equal(agentThreadOf(name), undefined, name);
  });
});
