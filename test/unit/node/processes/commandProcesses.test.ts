import assert from 'node:assert/strict';
import {
  parseCim,
  parseLsofFolders,
  parsePs,
  splitWindowsCommandLine,
} from '../../../../src/node/processes/commandProcesses';
import { parseLsof, parseNetstat } from '../../../../src/node/processes/commandTcp';
import { parseTcpTable } from '../../../../src/node/processes/linuxTcp';
import { parseProcStatus } from '../../../../src/node/processes/linuxProc';

describe('what the system tells about processes', () => {
  it('ps of macOS', () => {
    const [found] = parsePs(
      '  501   1 me  51200  12.5 Mon Nov  9 10:11:12 2026     /opt/homebrew/bin/node app.js --x\nodd line\n',
    );
    assert.ok(found);
    assert.deepEqual(found.argv, ['/opt/homebrew/bin/node', 'app.js', '--x']);
    assert.equal(found.cpuShare, 0.125);
    assert.equal(found.residentBytes, 51200 * 1024);
    assert.equal(found.startedAt, new Date(2026, 10, 9, 10, 11, 12).getTime());
  });

  it('lsof', () => {
    assert.deepEqual(
      [...parseLsofFolders('p501\nfcwd\nn/srv/my app\np502\nfcwd\nn/\n')],
      [
        [501, '/srv/my app'],
        [502, '/'],
      ],
    );
    const text =
      'p501\nf18\nn127.0.0.1:9229\nTST=LISTEN\nTQR=0\nf19\nn127.0.0.1:9229->127.0.0.1:50000\nTST=ESTABLISHED\nf20\nn*:3000\nTST=LISTEN\nf21\nn[::1]:3001\nTST=LISTEN\n';
    assert.deepEqual(parseLsof(text), [
      { pid: 501, address: '127.0.0.1', port: 9229, state: 'listening' },
      { pid: 501, address: '127.0.0.1', port: 9229, state: 'established' },
      { pid: 501, address: '0.0.0.0', port: 3000, state: 'listening' },
      { pid: 501, address: '::1', port: 3001, state: 'listening' },
    ]);
  });

  it('netstat of a German Windows', () => {
    const text =
      '\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse  Remoteadresse  Status  PID\r\n  TCP    127.0.0.1:9229  0.0.0.0:0  ABHÖREN  4242\r\n  TCP    [::]:80  [::]:0  ABHÖREN  4\r\n';
    assert.deepEqual(parseNetstat(text), [
      { pid: 4242, address: '127.0.0.1', port: 9229, state: 'listening' },
      { pid: 4, address: '::', port: 80, state: 'listening' },
    ]);
  });

  it('PowerShell', () => {
    const one = {
      pid: 7,
      ppid: 1,
      commandLine: '"C:\\Program Files\\nodejs\\node.exe" app.js',
      resident: 1000,
      cpuMs: 20,
      startedAt: 5,
    };
    const [found] = parseCim(JSON.stringify(one));
    assert.deepEqual(found?.argv, ['C:\\Program Files\\nodejs\\node.exe', 'app.js']);
    assert.equal(parseCim(JSON.stringify([one, { ...one, commandLine: null }]))[1]?.own, false);
    assert.deepEqual(parseCim('\r\n'), []);
  });

  it('a Windows command line', () => {
    assert.deepEqual(splitWindowsCommandLine('node  "a b"c \\"d "e\\\\" "f\\"g"'), [
      'node',
      'a bc',
      '"d',
      'e\\',
      'f"g',
    ]);
  });

  it('/proc/net/tcp and tcp6', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:240D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 15140 1 0 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000100007F:1234 01 00000000:00000000 00:00000000 00000000  0 0 7 1
   2: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 8 1
   odd`;
    assert.deepEqual(parseTcpTable(text), [
      { address: '127.0.0.1', port: 9229, state: '0A', uid: 0, inode: '15140' },
      { address: '127.0.0.1', port: 80, state: '01', uid: 0, inode: '7' },
      { address: '::1', port: 81, state: '0A', uid: 0, inode: '8' },
    ]);
  });

  it('/proc/PID/status, of a process in a container too', () => {
    const text =
      'Name:\tnode\nState:\tT (stopped)\nPPid:\t3\nUid:\t1000\t1000\t1000\t1000\nNSpid:\t4711\t12\nVmRSS:\t    100 kB\nSigBlk:\t0000000000000200\nSigCgt:\t0000000100004602\n';
    const status = parseProcStatus(text, 4711);
    assert.deepEqual(
      [status.state, status.ppid, status.uid, status.innerPid, status.residentBytes],
      ['T', 3, 1000, 12, 102400],
    );
    assert.deepEqual(status.signals, { blocked: 0x200n, ignored: 0n, caught: 0x100004602n });
  });
});
