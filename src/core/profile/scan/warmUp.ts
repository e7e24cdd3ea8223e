import { readV8Cpu } from '../v8/readV8';
import { V8Scan } from './v8Scan';

const ROUNDS = 4;
const NODES = 60;
let isWarm = false;

/**
 * Reads a small profile that has everything that profiles have, once in the life of a process. V8 compiles a function for
 * what it has seen of it so far, and throws the code away when something new comes: the first sample after half a file
 * of nodes, or the end of a chunk. Having seen it all before costs some ms and saves tens of them. How much of it was
 * tried out: with less, functions have no memory yet of what they saw, and more costs what it saves.
 */
export function warmUp(): void {
  if (isWarm) return;
  isWarm = true;
  const bytes = new TextEncoder().encode(JSON.stringify(smallProfile()));
  for (let round = 0; round < ROUNDS; round++) {
    const scan = new V8Scan();
    const piece = 300 + round * 701;
    for (let from = 0; from < bytes.length; from += piece) scan.push(bytes.slice(from, from + piece));
    const scanned = scan.end();
    if (scanned.format === 'cpuprofile') readV8Cpu(scanned.profile, '');
  }
}

function smallProfile(): object {
  const nodes = Array.from({ length: NODES }, (_, n) => ({
    id: n + 1,
    callFrame: {
      functionName: n ? `f${n % 9}\n`.slice(0, n % 2 ? 2 : 3) : '(root)',
      scriptId: `${n % 3}`,
      url: n ? `/${n % 4}.js` : '',
      lineNumber: (n % 5) - 1,
      columnNumber: n % 6,
    },
    hitCount: n % 7,
    children: [2 * n + 2, 2 * n + 3].filter((id) => id <= NODES),
    positionTicks:
      n % 3
        ? [
            { line: n, ticks: 1 },
            { line: n * 1000, ticks: 2 },
          ]
        : [],
    other: [true, 'x', 1.5],
  }));
  const samples = Array.from({ length: 3 * NODES }, (_, n) => 1 + ((n * 7) % (NODES + 1)));
  return {
    nodes,
    startTime: 48_211_003_117,
    endTime: 48_211_903_117,
    samples,
    timeDeltas: samples.map((id, n) => (n % 10 === 9 ? -id : id * 100)),
  };
}
