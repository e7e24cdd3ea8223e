import assert from 'node:assert/strict';
import {
  agentDirectoryOf,
  agentFileName,
  agentPipeName,
  agentThreadOf,
} from '../../../../src/core/protocol/agentProtocol';

describe('names of agents', () => {
  it('has one directory per user, whatever TMPDIR is', () => {
    const host = { platform: 'linux', uid: 1000, env: { TMPDIR: '/elsewhere' }, homeDirectory: '/home/u' };
    assert.equal(agentDirectoryOf(host), '/tmp/heatlens-1000');
    assert.equal(agentDirectoryOf({ ...host, env: { HEATLENS_AGENT_DIR: '/run/hl' } }), '/run/hl');
    const windows = { platform: 'win32', uid: undefined, env: {}, homeDirectory: 'C:\\Users\\u' };
    assert.equal(agentDirectoryOf(windows), 'C:\\Users\\u\\AppData\\Local\\heatlens-agent');
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
