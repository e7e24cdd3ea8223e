import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createRecording } from '../../../../src/node/recording/recording';
import { largestError } from '../../../support/knownShares';
import { type NodeBinary, outerNodes, repositoryRoot } from '../../../support/nodeVersions';

/** What the issue of V8's inlining is judged by: errors in percentage points and percent against known truth. */
const EXACT_POINTS = 4;
const BYTES_PERCENT = 10;
const MEASURE_MS = 5_000;

describe('accuracy against known truth', function () {
  this.timeout(60_000);
  // Shares of five seconds are only as steady as the processor time that the machine leaves the workload.
  this.retries(3);
  let child: ChildProcess | undefined;
  let output = '';

  const start = async (binary: NodeBinary, mode: string): Promise<number> => {
    output = '';
    child = spawn(binary.path, [join(repositoryRoot, 'test/fixtures/accuracy/workload.js'), mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout!.on('data', (data) => (output += data));
    // Long enough for V8 to optimise, and so to inline, before anybody attaches.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return child.pid!;
  };
  afterEach(() => {
    child?.kill('SIGKILL');
  });

  for (const binary of outerNodes()) {
    for (const mode of ['loops', 'inlined'] as const) {
      it(`Node ${binary.version}: shares of ${mode} are exact within ${EXACT_POINTS} points`, async () => {
        const pid = await start(binary, mode);
        const recording = createRecording({ cpuIntervalUs: 1_000, memory: 'off' });
        try {
          await recording.attach({ kind: 'pid', pid });
          await new Promise((resolve) => setTimeout(resolve, 2_500));
          const calibrated = await recording.flush();
          assert.equal(calibrated?.accuracy, 'calibrated');
          await recording.measureExactly(MEASURE_MS);
          const exact = recording.snapshot;
          assert.equal(exact?.accuracy, 'exact');
          const exactError = largestError(exact, mode);
          console.log(
            `      largest error in points: exact ${exactError.toFixed(1)}, calibrated ${largestError(calibrated, mode).toFixed(1)}`,
          );
          assert.ok(exactError <= EXACT_POINTS, `exact mode is ${exactError.toFixed(1)} points off`);
          for (const { cpu } of exact.methods) assert.ok(cpu.totalShare <= 1 && cpu.selfShare <= cpu.totalShare + 1e-9);
        } finally {
          await recording.detach();
          recording.dispose();
        }
      });
    }

    it(`Node ${binary.version}: allocated bytes are within ${BYTES_PERCENT} % in exact mode`, async () => {
      const pid = await start(binary, 'bytes');
      const recording = createRecording({ memory: 'allocated' });
      try {
        await recording.attach({ kind: 'pid', pid });
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        await recording.measureExactly(MEASURE_MS);
        const exact = recording.snapshot!;
        const interval = exact.memory.allocatedInterval;
        assert.ok(interval, 'allocated bytes were measured');
        const calls = callsAt(output, interval.endMs) - callsAt(output, interval.startMs);
        assert.ok(calls > 1000, `the workload ran: ${calls} calls`);
        for (const [name, bytesPerCall] of [
          ['arrayOf1072Bytes', 1072],
          ['arrayOf560Bytes', 560],
        ] as const) {
          const method = exact.methods.find(({ source }) => source.method.name === name);
          assert.ok(method, `${name} was measured`);
          const error = (method.memory.allocatedBytes / (calls * bytesPerCall) - 1) * 100;
          console.log(`      ${name}: ${error.toFixed(1)} % off ${((calls * bytesPerCall) / 1e6).toFixed(0)} MB`);
          assert.ok(Math.abs(error) <= BYTES_PERCENT, `${name} is ${error.toFixed(1)} % off`);
        }
      } finally {
        await recording.detach();
        recording.dispose();
      }
    });
  }
});

/** The workload's own count at a moment, between the two lines around it. */
function callsAt(output: string, epochMs: number): number {
  const points = [...output.matchAll(/calls (\d+) at (\d+)/g)].map((match) => ({
    calls: Number(match[1]),
    at: Number(match[2]),
  }));
  const after = points.findIndex(({ at }) => at >= epochMs);
  if (after <= 0) return points.at(after < 0 ? -1 : 0)?.calls ?? 0;
  const [a, b] = [points[after - 1], points[after]];
  return a.calls + ((b.calls - a.calls) * (epochMs - a.at)) / (b.at - a.at);
}
