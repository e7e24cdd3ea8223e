// Keeps a service busy: CONNECTIONS sockets, each with one request under way at any time. Replies are read only as far as
// is needed to find their end, so that the load costs little beside the service. `node load.cjs PORT CONNECTIONS [PAUSE]`, mean
// ms between a reply and the next request of its socket. Tells the number of replies when asked, or how long each took.
'use strict';
const { connect } = require('node:net');

const [port, connections, pauseMs = 0] = process.argv.slice(2).map(Number);
const get = (path) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load\r\n\r\n`);
const post = (path, value) => {
  const body = JSON.stringify(value);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
};

const WORDS = ['amber', 'river', 'maple', 'north', 'ocean', 'jade', 'karma'];
const requests = [];
for (let n = 0; n < 40; n++) {
  const items = Array.from({ length: 100 }, (_, i) => ({
    code: `abc-${(i * 7 + n) % 90}`,
    name: `item   ${WORDS[(i + n) % 7]} ${i}`,
    date: `2024-0${1 + (i % 9)}-1${n % 9}`,
    count: i,
    note: 'as agreed on the telephone, deliver to the back door',
  }));
  requests.push(
    get(`/search?q=${WORDS[n % 7]}+${WORDS[(n * 3) % 7]}`),
    get(`/catalog/${n % 2}?by=${n % 2 ? 'name' : 'price'}`),
    post('/quotes', {
      customer: n,
      lines: Array.from({ length: 20 }, (_, i) => ({ product: n + i * 9, count: 1 + (i % 3) })),
    }),
    get(`/orders/page/${n % 12}`),
    post('/imports', { items }),
    get(`/revenue/${n}/${n + 15}`),
  );
}

let replies = 0;
let latencies = [];
let failed = 0;

for (let connection = 0; connection < connections; connection++) {
  const socket = connect(port, '127.0.0.1');
  let next = connection * 3;
  let head = '';
  let left = 0;
  let sentAt = 0;
  const send = () => {
    sentAt = performance.now();
    socket.write(requests[next++ % requests.length]);
  };
  socket.setNoDelay(true);
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    if (left === 0) {
      head += chunk.latin1Slice();
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 200')) failed++;
      left = Number(/content-length: (\d+)/i.exec(head)[1]) - (head.length - end - 4);
      head = '';
    } else left -= chunk.length;
    if (left > 0) return;
    left = 0;
    replies++;
    latencies.push(performance.now() - sentAt);
    if (pauseMs) setTimeout(send, pauseMs * (0.5 + Math.random()));
    else send();
  });
  socket.on('error', (error) => {
    process.send({ error: error.message });
  });
}

process.on('message', (question) => {
  process.send(question === 'latencies' ? { latencies } : { replies, failed });
  latencies = [];
});
process.on('disconnect', () => process.exit());
