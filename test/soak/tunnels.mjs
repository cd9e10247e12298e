// Holds idle tunnels open through a gateway, in a process of its own. Told by the parent: { open: n } opens so many,
// 'speak' sends a byte through each and waits for its echo, 'held' tells how many are open.
import { connect } from 'node:net';

const [port = '0', target = ''] = process.argv.slice(2);
const held = new Set();

function openOne(number) {
  return new Promise((resolve, reject) => {
    // Several addresses, so that one does not run out of ports.
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: `127.0.20.${1 + (number % 8)}` });
    socket.on('error', reject).once('close', () => held.delete(socket));
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    socket.once('data', (answer) => {
      if (!answer.toString().startsWith('HTTP/1.1 200')) return reject(new Error(answer.toString()));
      held.add(socket);
      socket.write('x');
      socket.once('data', () => resolve());
    });
  });
}

const speak = (socket) =>
  new Promise((resolve) => {
    socket.once('data', () => resolve(true));
    socket.write('y');
  });

async function grant(wish) {
  if (wish === 'held') return held.size;
  if (wish === 'speak') return (await Promise.all([...held].map(speak))).length;
  for (let at = 0; at < wish.open; at += 100) {
    await Promise.all(Array.from({ length: Math.min(100, wish.open - at) }, (_, i) => openOne(at + i)));
  }
  return held.size;
}

process.on('message', (wish) => void grant(wish).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit());
process.send?.('ready');
