/** The training worker: the engine's trainer behind Comlink. It reads samples and writes checkpoints itself. */
import { expose, transfer, wrap } from 'comlink';
import type { Records } from '#lib/core/records.ts';
import type { ExportedRuns } from '#lib/core/exported-runs.ts';
import type { RunEvent } from '#lib/core/run.ts';
import { EngineTrainer } from '#lib/engine/trainer.ts';
import { browserPlatform } from '#lib/engine/platform-browser.ts';
import { openRecords } from '#lib/storage/open-records.ts';
import { countForeignRequests } from './foreign-requests.ts';
import { reply, type EventMessage, type TrainWorkerApi } from './wire.ts';

let trainer: EngineTrainer | null = null;

countForeignRequests((count) => post({ type: 'foreign-requests', count }));

function connected(): EngineTrainer {
	if (!trainer) throw new TypeError('the worker is not connected to any records');
	return trainer;
}

function post(overlapEvent: RunEvent): void {
	const message: EventMessage = { overlapEvent };
	globalThis.postMessage(message);
}

function buffersOf({ shared, seeds }: ExportedRuns): ArrayBuffer[] {
	const arrays = [...(shared ?? []), ...seeds.flatMap((seed) => [...seed.weights, ...seed.arrays])];
	return arrays.map(({ data }) => data.buffer);
}

const api: TrainWorkerApi = {
	connect: (basePath, port) =>
		reply(async () => {
			const records: Records = port ? wrap<Records>(port) : await openRecords({ basePath });
			trainer = new EngineTrainer(records, browserPlatform);
		}),
	start: (backend) => reply(() => connected().start(backend)),
	open: (options) => reply(() => connected().open(options, post)),
	advance: (steps) => reply(() => connected().advance(steps)),
	checkpoint: (options) => reply(() => connected().checkpoint(options)),
	close: () => reply(() => connected().close()),
	predict: async (options) => {
		const answer = await reply(() => connected().predict(options));
		return answer.ok ? transfer(answer, [answer.value.data.buffer]) : answer;
	},
	exportModel: async (model) => {
		const answer = await reply(() => connected().exportModel(model));
		return answer.ok ? transfer(answer, [answer.value.buffer]) : answer;
	},
	measure: (request) => reply(() => connected().measure(request)),
	judge: (loss, channels) => reply(() => connected().judge(loss, channels)),
	explore: (request) => reply(() => connected().explore(request)),
	slopes: (request) => reply(() => connected().slopes(request)),
	takeApart: (request) => reply(() => connected().takeApart(request)),
	exportRuns: async (request) => {
		const answer = await reply(() => connected().exportRuns(request));
		return answer.ok ? transfer(answer, buffersOf(answer.value)) : answer;
	},
	importModel: (bytes, name) => reply(() => connected().importModel(bytes, name)),
};

expose(api);
