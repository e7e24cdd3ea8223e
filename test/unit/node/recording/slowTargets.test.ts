import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TargetState } from '../../../../src/core/heat/heatSnapshot';
import { createRecording, type EngineRecording } from '../../../../src/node/recording/recording';
import type { LostTarget, RecordingOptions } from '../../../../src/node/recording/recordingTypes';
import { until, within } from '../../../support/agentTarget';
import { runCli, startCli } from '../../../support/cli';
import { assertInvariants } from '../../../support/heatOf';
import { nodeBinaries } from '../../../support/nodeVersions';
import { attachTo, onEach } from '../../../support/onEach';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../../support/program';
import { watchResources } from '../../../support/resources';
import { sideBySide } from '../../../support/sideBySide';
import { assertUntouched, type VictimState } from '../../../support/victim';

const binaries = nodeBinaries();
const [oldest, second, third, newest] = binaries;

function start(node: string, flags: readonly string[] = []): Promise<Program> {
  return startProgram(node, [...flags, join(targetFixtures, 'victim.cjs')]);
}

async function attach(program: Program, options: Partial<RecordingOptions> = {}): Promise<EngineRecording> {
  const recording = createRecording({ refreshMs: 250, cpuIntervalUs: 1_000, ...options });
  await attachTo(recording, program);
  await until(() => (recording.snapshot?.methods.length ?? 0) > 0, 'heat', 60_000);
  return recording;
}

describe('targets that keep us waiting', function () {
  this.timeout(180_000);
  let released: () => Promise<void>;
  before(async () => {
    released = await watchResources();
  });
  after(async () => {
    await stopPrograms();
    await released();
  });

  sideBySide({
    'are not waited for by the command line': () => recordBlocked(third.path),
    'give their flags back and close their inspector when we are killed in exact mode': () => killRecorder([]),
    'give their flags back, too, where an inspector was open': () => killRecorder(['--inspect=0']),
    'are unresponsive while their event loop is blocked, and measured again afterwards': () =>
      onEach(binaries, waitForIt),
    'are not waited for by a detach, and close their inspector when their event loop turns': () =>
      onEach([oldest, newest], leaveIt),
    'are looked after by the command line until their inspector is closed': () => recordUntilItCloses(second.path),
    'stay in exact mode': () => onEach([second], measureItExactly),
  });
});

async function waitForIt(node: string): Promise<void> {
  const program = await start(node);
  const before = await program.get<VictimState>('/state');
  const recording = await attach(program);
  const states = new Set<TargetState>();
  const messages: string[] = [];
  recording.onDidLoseTarget(({ message }) => messages.push(message));
  recording.onDidChange(() => recording.targets.forEach(({ state }) => states.add(state)));
  await program.get('/block?ms=15000&how=native');
  await until(() => recording.targets[0].state === 'unresponsive', 'it is said to be unresponsive', 60_000);
  assert.ok(recording.snapshot!.methods.length > 0, 'what was measured is kept');
  await until(() => recording.targets[0].state === 'measuring', 'it answers again', 60_000);
  const { sampledMs } = recording.snapshot!.cpu;
  await until(() => recording.snapshot!.cpu.sampledMs > sampledMs, 'it is measured again');
  assertInvariants(recording.snapshot!);
  assert.deepEqual(messages, []);
  assert.ok(!states.has('ended'));
  await recording.detach();
  recording.dispose();
  await assertUntouched(program, before);
  program.child.kill('SIGKILL');
  await program.exit;
}

async function leaveIt(node: string): Promise<void> {
  const program = await start(node);
  const before = await program.get<VictimState>('/state');
  const recording = await attach(program);
  const lost: LostTarget[] = [];
  recording.onDidLoseTarget((event) => lost.push(event));
  await program.get('/block?ms=20000&how=native');
  await delay(300);
  const answered = program.get('/state').then(() => true);
  await within(recording.detach(), 18_000, 'the detach');
  assert.equal(await Promise.race([answered, delay(0, false)]), false, 'it is blocked still');
  assert.equal(recording.targets[0].state, 'detached');
  assert.ok(recording.snapshot!.methods.length > 0);
  recording.dispose();
  const [{ error, message, putBack }] = lost;
  assert.equal(error.code, 'inspectorLeftOpen');
  assert.match(
    message,
    /^The event loop of process \d+ is blocked, .* on port \d+, .*closes as soon as the event loop turns/,
  );
  await answered;
  // It puts itself in order as soon as it can, and not when its guard has missed us for ten seconds.
  await until(async () => (await program.inspectorPorts()).length === 0, 'the port is closed', 6_000);
  assert.equal(await putBack, true);
  await assertUntouched(program, before);
  program.child.kill('SIGKILL');
  await program.exit;
}

async function measureItExactly(node: string): Promise<void> {
  const program = await start(node);
  const recording = await attach(program, { memory: 'off' });
  const cancel = new AbortController();
  const measuring = recording.measureExactly(60_000, { signal: cancel.signal });
  await until(() => recording.targets[0].state === 'measuring-exactly', 'exact mode');
  await program.get('/block?ms=13000&how=native');
  await until(() => recording.targets[0].state === 'unresponsive', 'it is said to be unresponsive', 60_000);
  await until(() => recording.targets[0].state === 'measuring-exactly', 'it is in exact mode still', 60_000);
  cancel.abort();
  await measuring;
  await recording.detach();
  recording.dispose();
  program.child.kill('SIGKILL');
  await program.exit;
}

async function recordBlocked(node: string): Promise<void> {
  const [before, meanwhile] = await Promise.all(
    [1, 2].map(() => startProgram(node, [join(targetFixtures, 'victim.cjs')])),
  );
  const measured = startCli(['record', '--pid', String(meanwhile.pid), '--duration', '4', '--json', '--memory', 'off']);
  await meanwhile.waitFor(/Debugger attached[^]*Debugger attached/);
  await delay(3_000);
  await Promise.all([before, meanwhile].map((program) => program.get('/block?how=native&ms=60000')));
  await delay(100);
  const [refused, kept] = await Promise.all([
    runCli(['record', '--pid', String(before.pid), '--duration', '1']),
    measured.result,
  ]);
  assert.deepEqual([refused.code, refused.stdout, refused.errors.length], [1, '', 1], refused.errors.join('\n'));
  assert.match(refused.errors[0], /^heatlens: Process \d+ .*\..*\.$/);
  assert.deepEqual([kept.code, kept.errors.length], [0, 3], kept.errors.join('\n'));
  assert.match(
    kept.errors[0],
    /did not answer for 10 s: its event loop is blocked.*What it did since its last answer is missing\.$/,
  );
  assert.match(
    kept.errors[1],
    /is blocked, so it still has its inspector open on port \d+.*The port closes as soon as the event loop turns.*restart the process\.$/,
  );
  assert.match(
    kept.errors[2],
    /the inspector of victim\.cjs \(\d+\) is still open after 10 s; the next start of Heatlens closes it\.$/,
  );
  const { methods } = JSON.parse(kept.stdout) as { methods: unknown[] };
  assert.ok(methods.length > 0);
}

async function recordUntilItCloses(node: string): Promise<void> {
  const program = await start(node);
  const measured = startCli(['record', '--pid', String(program.pid), '--duration', '12', '--json', '--memory', 'off']);
  await program.waitFor(/Debugger attached[^]*Debugger attached/);
  await delay(8_000);
  // It ends when the command line has given its last answer up, and looks at what it has left.
  await program.get('/block?how=native&ms=60000');
  const { child, result } = measured;
  await waitForError(child, /still has its inspector open/);
  const sleeps = readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, 'utf8').trim();
  process.kill(Number(sleeps), 'SIGKILL');
  const { code, errors } = await result;
  assert.equal(code, 0);
  assert.match(errors.at(-1) ?? '', /^heatlens: the inspector of victim\.cjs \(\d+\) is closed now\.$/);
  assert.deepEqual(await program.inspectorPorts(), []);
}

async function waitForError(child: ChildProcess, pattern: RegExp): Promise<void> {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await until(() => pattern.test(text), String(pattern), 60_000);
}

async function killRecorder(flags: readonly string[]): Promise<void> {
  const program = await start(newest.path, flags);
  const ports = await program.inspectorPorts();
  const before = await program.get<VictimState>('/state');
  const { child } = startCli(['record', '--pid', String(program.pid), '--duration', '1', '--exact', '--memory', 'off']);
  await until(
    async () => Object.values((await program.get<VictimState>('/state')).flags).includes(false),
    'exact mode',
    60_000,
  );
  child.kill('SIGKILL');
  await delay(1_000);
  assert.ok(
    Object.values((await program.get<VictimState>('/state')).flags).includes(false),
    'nobody else has ended it',
  );
  await until(
    async () => Object.values((await program.get<VictimState>('/state')).flags).every(Boolean),
    'the flags are as they were',
    60_000,
  );
  await until(
    async () => (await program.inspectorPorts()).join() === ports.join(),
    'the inspector is as it was',
    60_000,
  );
  await assertUntouched(program, before, ports);
}
