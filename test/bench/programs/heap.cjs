// Holds a heap of about so many MB, as services do (objects, strings, arrays, maps, closures), and keeps its event loop
// turning, so that the longest gap between two turns is known to the microsecond: `node heap.cjs MEGABYTES`.
'use strict';

const megabytes = Number(process.argv[2]);
const held = [];
let id = 0;

function record() {
  const n = id++;
  return {
    id: n,
    name: `record ${n}`,
    price: n * 1.01,
    tags: [n % 7, n % 11, n % 13],
    attributes: { colour: `c${n % 50}`, size: n % 9, nested: { a: n, b: [n, n + 1] } },
    toText: () => `${n}`,
  };
}

while (process.memoryUsage().heapUsed < megabytes * 1e6) {
  const group = new Map();
  for (let n = 0; n < 2000; n++) group.set(`key ${id}`, record());
  held.push(group);
}

let last = performance.now();
let longest = 0;
let stalled = 0;

function turn() {
  const now = performance.now();
  const gap = now - last;
  last = now;
  if (gap > longest) longest = gap;
  if (gap > 5) stalled += gap;
  setImmediate(turn);
}
turn();

process.on('message', (message) => {
  if (message === 'reset') {
    longest = 0;
    stalled = 0;
    last = performance.now();
  }
  // Told on the next turn: a message may be handled within the very phase that stalled.
  setImmediate(() =>
    setImmediate(() =>
      process.send({ longest, stalled, heapUsed: process.memoryUsage().heapUsed, records: held.length }),
    ),
  );
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
