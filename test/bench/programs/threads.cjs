'use strict';
// A busy main thread beside idle workers; answers `count` with how often it did its work.
const { Worker, isMainThread } = require('node:worker_threads');

if (!isMainThread) setInterval(() => undefined, 200);
else {
  const workers = Number(process.argv[2]) - 1;
  let online = 0;
  let count = 0;
  const churn = (seed) => {
    let x = seed;
    for (let i = 0; i < 400_000; i++) x = (x * 31 + i) % 1_000_003;
    return x;
  };
  const tick = () => {
    churn(count++);
    setTimeout(tick, 2);
  };
  process.on('message', () => process.send({ count }));
  const ready = () => {
    tick();
    process.send('ready');
  };
  if (!workers) ready();
  for (let n = 0; n < workers; n++)
    new Worker(__filename).on('online', () => {
      if (++online === workers) ready();
    });
}
