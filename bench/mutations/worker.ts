/** Opens mutants by their numbers, one at a time, so that the page's thread can end one that hangs. */
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { attempt } from './attempt.ts';
import { seeds } from './seeds.ts';

const { seed, shared } = v.parse(v.object({ seed: v.number(), shared: v.boolean() }), workerData);
const whole = seeds(shared);

parentPort?.on('message', (number: number) => {
	void attempt(whole, seed, number).then((result) => parentPort?.postMessage(result));
});
parentPort?.postMessage('ready');
