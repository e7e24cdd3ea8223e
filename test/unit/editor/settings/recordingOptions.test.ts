import assert from 'node:assert/strict';
import { settingDefaults } from '../../../../src/editor/contributions';
import {
  changedOptions,
  limited,
  pathMappings,
  recordingOptions,
} from '../../../../src/editor/settings/recordingOptions';

const folders = [
  { name: 'api', path: '/home/me/api' },
  { name: 'web', path: '/home/me/web' },
];

describe('recording options from settings', () => {
  it('are the defaults for default settings', () => {
    assert.deepEqual(recordingOptions(settingDefaults, folders), {
      cpuIntervalUs: 5000,
      heapIntervalBytes: 262_144,
      interruptBudget: 0.02,
      memory: 'both',
      refreshMs: 2000,
      window: 'cumulative',
      pathMappings: [],
      followChildren: false,
      roots: ['/home/me/api', '/home/me/web'],
    });
  });

  it('turn a sliding window into ms', () => {
    const { window } = recordingOptions({ ...settingDefaults, window: 'sliding', slidingWindow: 30 }, []);
    assert.deepEqual(window, { slidingMs: 30_000 });
  });

  it('keep numbers within limits and replace what is no number', () => {
    assert.equal(limited('cpuSamplingInterval', 1), 50);
    assert.equal(limited('refreshInterval', 1e9), 60_000);
    assert.equal(limited('threshold', 'a lot'), 0.5);
    assert.equal(limited('exactDuration', NaN), 10);
    assert.equal(limited('interruptBudget', 40), 10);
    assert.equal(limited('interruptBudget', -1), 0);
  });

  it('take the budget of interrupt samples in percent and hand on a share, 0 for none', () => {
    assert.equal(recordingOptions({ ...settingDefaults, interruptBudget: 5 }, []).interruptBudget, 0.05);
    assert.equal(recordingOptions({ ...settingDefaults, interruptBudget: 0 }, []).interruptBudget, 0);
  });

  it('fill workspace folders into path mappings and drop unusable ones', () => {
    const entries = [
      { remote: '/app', local: '${workspaceFolder}' },
      { remote: '/web', local: '${workspaceFolder:web}/src' },
      { remote: '/lost', local: '${workspaceFolder:gone}/src' },
      { remote: '', local: '/x' },
      { remote: '/only' },
      null,
      7,
    ];
    assert.deepEqual(pathMappings(entries, folders), [
      { remote: '/app', local: '/home/me/api' },
      { remote: '/web', local: '/home/me/web/src' },
    ]);
    assert.deepEqual(pathMappings('nonsense', folders), []);
  });

  it('tell what changed', () => {
    const before = recordingOptions(settingDefaults, folders);
    assert.equal(changedOptions(before, recordingOptions({ ...settingDefaults, threshold: 3 }, folders)), undefined);
    const after = recordingOptions({ ...settingDefaults, cpuSamplingInterval: 1000, memory: 'off' }, folders);
    assert.deepEqual(changedOptions(before, after), { cpuIntervalUs: 1000, memory: 'off' });
  });
});
