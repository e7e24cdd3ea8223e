import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeatSnapshot } from '../../../../src/core/heat/heatSnapshot';
import type { Interval } from '../../../../src/core/interval';
import { CLOSE_HEAP_INTERVAL_BYTES } from '../../../../src/node/instruments/heapSchedule';
import { calibrationMs } from '../../../../src/node/recording/exactRun';
import { createRecording } from '../../../../src/node/recording/recording';
import type { NodeBinary } from '../../../support/nodeVersions';
import { truthFixture } from '../../../support/truth/truthPrograms';
import { isFull, LIMITS, RUNS, truthNodes } from '../../../support/truth/truthRuns';
import { startTruthTarget } from '../../../support/truth/truthTarget';

/** Either of the first two will do: of the method's own bytes, or of all that were counted; the last for one that allocates nothing. */
const { bytesPercent: LIMIT_PERCENT, bytesPoints: LIMIT_POINTS, nothingPoints: NOTHING_POINTS } = LIMITS;
const MEASURE_MS = isFull ? 12_000 : 8_000;

/** Bytes by method. */
type Bytes = Readonly<Record<string, number>>;

interface Column {
  readonly kind: 'live' | 'allocated';
  readonly name: string;
  readonly truth: number;
  readonly measured: number;
  readonly points: number;
  readonly percent: number;
}

describe('bytes against the own count of the program', function () {
  this.timeout(20 * 60_000);
  this.retries(isFull ? 0 : 1);

  for (const node of truthNodes()) {
    it(`Node ${node.version}: within ${LIMIT_PERCENT} % or ${LIMIT_POINTS} point in ${RUNS} runs`, async () => {
      const worst = new Map<string, Column>();
      for (let n = 0; n < RUNS; n++)
        for (const column of await runBytes(node)) {
          const key = `${column.kind} ${column.name}`;
          if (!((worst.get(key)?.points ?? -1) > column.points)) worst.set(key, column);
        }
      for (const { kind, name, truth, measured, points, percent } of worst.values()) {
        const off = truth ? `${percent.toFixed(1)} %, ` : '';
        console.log(
          `      ${kind} ${name}: ${megabytes(measured)} of ${megabytes(truth)} MB, ${off}${points.toFixed(1)} points`,
        );
      }
      for (const { kind, name, truth, points, percent } of worst.values()) {
        const isRight = truth ? percent <= LIMIT_PERCENT || points <= LIMIT_POINTS : points < NOTHING_POINTS;
        assert.ok(isRight, `${kind} bytes of ${name} are ${points.toFixed(1)} points off`);
      }
    });
  }
});

async function runBytes(node: NodeBinary): Promise<Column[]> {
  const target = await startTruthTarget(node.path, [truthFixture('bytes.js')]);
  // As the command line measures: allocated bytes first, then live ones to the end, and then how both divide.
  const endsAt = (): number => Date.now() + MEASURE_MS;
  const recording = createRecording({ heapIntervalBytes: CLOSE_HEAP_INTERVAL_BYTES }, { endsAt, unfolded: true });
  try {
    await recording.attach({ kind: 'pid', pid: target.pid });
    await sleep(MEASURE_MS);
    await recording.calibrate(calibrationMs(MEASURE_MS), { isLast: true });
    const snapshot = recording.snapshot!;
    const { allocatedInterval, liveInterval } = snapshot.memory;
    assert.ok(allocatedInterval && liveInterval, 'both kinds of bytes were measured');
    const count = ({ startMs, endMs }: Interval): Promise<{ allocated: Bytes; live: Bytes }> =>
      target.ask({ from: startMs, to: endMs });
    const { allocated } = await count(allocatedInterval);
    const { live } = await count(liveInterval);
    return [...columnsOf('allocated', allocated, snapshot), ...columnsOf('live', live, snapshot)];
  } finally {
    await recording.detach();
    recording.dispose();
    await target.stop();
  }
}

function columnsOf(kind: Column['kind'], truth: Bytes, { methods }: HeatSnapshot): Column[] {
  const total = Object.values(truth).reduce((sum, bytes) => sum + bytes, 0);
  return Object.entries(truth).map(([name, bytes]) => {
    const memory = methods.find(({ source }) => source.method.name === name)?.memory;
    const measured = (kind === 'live' ? memory?.liveBytes : memory?.allocatedBytes) ?? 0;
    const off = Math.abs(measured - bytes);
    return {
      kind,
      name,
      truth: bytes,
      measured,
      points: (off / total) * 100,
      percent: bytes ? (off / bytes) * 100 : 0,
    };
  });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
