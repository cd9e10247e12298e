import { systemWorld } from '../kernel/index.ts';

type Turn = () => Promise<void>;

let turn: Turn | undefined;

/** Lets every promise that can move do so, in the quickest way that the platform has. */
export async function macrotask(): Promise<void> {
  turn ??= (await outlasts(message)) ? message : timer;
  return turn();
}

/** A message is the quickest turn of the event loop nearly everywhere. */
function message(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function timer(): Promise<void> {
  return new Promise((resolve) => void systemWorld.setTimer(resolve, 0));
}

/** Whether promises come to an end before the turn does. In Workers they do not: a message is but a promise there. */
async function outlasts(candidate: Turn): Promise<boolean> {
  let hasEnded = false;
  const walk = async (): Promise<void> => {
    for (let step = 0; step < 1000; step++) await Promise.resolve();
    hasEnded = true;
  };
  void walk();
  await candidate();
  return hasEnded;
}
