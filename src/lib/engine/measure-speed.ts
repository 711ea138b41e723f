/** How fast runs train and score here: the real steps of the real nets, on squares that are drawn and never stored. */
import { inputChannels, type ExperimentSpec } from '#lib/core/experiment.ts';
import { RandomStream } from '#lib/core/random.ts';
import type { Speed, SpeedRequest } from '#lib/core/speed.ts';
import { placementOf, unplace } from '#lib/pixels/place.ts';
import type { StartedBackend } from './backend.ts';
import { BatchMaker } from './batch-maker.ts';
import type { TrainingSample } from './batches.ts';
import { packTensors, weightsHash } from './checkpoint.ts';
import { evidenceOf, previewOf } from './evidence.ts';
import { predictWhole } from './forward.ts';
import { RunNet, type TakenStep } from './run-net.ts';
import { TargetMaps } from './target-maps.ts';
import { disposeBatch } from './targets.ts';

/** Of the time, what training gets; scoring gets the rest. */
const trainingShare = 0.75;
/** Drawn squares; a batch repeats them. */
const mostSquares = 4;
/** Side of the image on which the work at an image's own size is timed. */
const ownSide = 500;

/** Discs on noise, with every class of the net side by side in them. */
function drawnSquares({ prepare, training }: ExperimentSpec, outputs: number): TrainingSample[] {
	const { size } = prepare;
	const channels = inputChannels(prepare);
	const foregrounds = Math.max(1, outputs - 1);
	const random = new RandomStream(1, 'sample');
	return Array.from({ length: Math.min(mostSquares, training.batchSize) }, (_, index) => {
		const classes = Uint8Array.from({ length: size * size }, (_pixel, at) => {
			const [x, y] = [at % size, Math.floor(at / size)];
			const inside = Math.hypot(x - size / 2, y - size / 2) < (size * (index + 2)) / 12;
			return inside ? 1 + Math.floor((x * foregrounds) / size) : 0;
		});
		const data = Float32Array.from({ length: size * size * channels }, (_value, at) => {
			const kind = classes[Math.floor(at / channels)] === 0 ? 0 : 0.4;
			return kind + 0.3 * random.uniform(index * size * size * channels + at);
		});
		return { image: { width: size, height: size, channels, data }, classes };
	});
}

/** The median, which what else the computer does for a moment moves little; without the first, which compiles, where there are others. */
function typical(times: readonly number[]): number {
	const counted = times.slice(times.length > 1 ? 1 : 0).sort((a, b) => a - b);
	return counted[counted.length >> 1] ?? Number.NaN;
}

/** Milliseconds that a step of one run takes, with its share of making the batch. */
async function timeSteps(runs: readonly RunNet[], batches: BatchMaker, until: number): Promise<number> {
	const targetNames = [...new Set(runs.flatMap((run) => run.targetNames))];
	const times: number[] = [];
	for (let step = 0; step === 0 || performance.now() < until; step++) {
		const startedAt = performance.now();
		const batch = batches.batch(step, targetNames);
		const taken: (readonly [RunNet, TakenStep])[] = [];
		for (const run of runs) {
			if (taken.length > 0 && performance.now() >= until) break;
			taken.push([run, run.take(batch, step)]);
		}
		disposeBatch(batch);
		// As in training, a GPU is waited for once for all of them.
		for (const [run, one] of taken) await run.read([one]);
		times.push((performance.now() - startedAt) / taken.length);
	}
	return typical(times);
}

/** Milliseconds that scoring one square takes. */
async function timeSquares(
	run: RunNet,
	squares: readonly TrainingSample[],
	{ spec: { prepare, training }, outputs }: SpeedRequest,
	maps: TargetMaps,
	until: number,
): Promise<number> {
	const batch = training.batchSize;
	const images = Array.from({ length: batch }, (_, place) => squares[place % squares.length] ?? []).flat();
	const options = { prepare, outputs, batch, measure: run.measureAt(0, maps) };
	const times: number[] = [];
	do {
		const startedAt = performance.now();
		for await (const { source, probabilities } of predictWhole(run.net, images, options)) {
			evidenceOf('', probabilities, source.classes);
			previewOf('', probabilities);
		}
		times.push((performance.now() - startedAt) / batch);
	} while (performance.now() < until);
	return typical(times);
}

/** Milliseconds that a million pixels take on the way from a square's prediction to what is kept of an image. */
function timePixels(outputs: number): number {
	const place = placementOf(ownSide, ownSide, ownSide / 4, 'stretch');
	const data = new Float32Array(place.size * place.size * outputs).fill(1 / (outputs + 1));
	const truth = new Uint8Array(ownSide * ownSide);
	const times = Array.from({ length: 3 }, () => {
		const startedAt = performance.now();
		const whole = unplace({ width: place.size, height: place.size, channels: outputs, data }, place, ownSide, ownSide);
		evidenceOf('', whole, truth);
		previewOf('', whole);
		return performance.now() - startedAt;
	});
	return (typical(times) * 1e6) / (ownSide * ownSide);
}

/** Milliseconds that it takes to read a run back and to hash it. */
async function timeSaving(run: RunNet): Promise<number> {
	const startedAt = performance.now();
	await weightsHash(await packTensors(run.variables()));
	return performance.now() - startedAt;
}

/** Compiles what a step of each run and scoring need, where that can be done ahead, so that it is not counted. */
async function compile(runs: readonly RunNet[], batches: BatchMaker, compileAhead: StartedBackend['compileAhead']): Promise<void> {
	await compileAhead?.(() => {
		for (const run of runs) {
			const batch = batches.batch(0, run.targetNames);
			run.rehearse(batch);
			disposeBatch(batch);
		}
	});
}

/** Trains one net for each loss in turn, then scores, until the time is up. Frees every tensor. */
export async function measureSpeed(
	request: SpeedRequest,
	{ largestBufferBytes: largestBytes, compileAhead }: Pick<StartedBackend, 'largestBufferBytes' | 'compileAhead'>,
): Promise<Speed> {
	const { spec, outputs, forMs } = request;
	const squares = drawnSquares(spec, outputs);
	const maps = new TargetMaps();
	using batches = new BatchMaker(squares, spec, 1, { outputs, maps, largestBytes });
	const classPixels = Array.from({ length: Math.max(2, outputs) }, (_, kind) =>
		squares.reduce((sum, { classes }) => sum + classes.filter((value) => value === kind).length, 0),
	);
	const totalSteps = batches.stepsPerEpoch * spec.training.epochs;
	const runs: RunNet[] = [];
	try {
		for (const choice of spec.losses) runs.push(new RunNet(spec, choice, 1, { outputs, totalSteps, facts: { classPixels } }));
		const [first] = runs;
		if (!first) throw new RangeError('no loss to train with');
		await compile(runs, batches, compileAhead);
		const startedAt = performance.now();
		const stepMs = await timeSteps(runs, batches, startedAt + trainingShare * forMs);
		const squareMs = await timeSquares(first, squares, request, maps, startedAt + forMs);
		return { stepMs, squareMs, megapixelMs: timePixels(outputs), saveMs: await timeSaving(first) };
	} finally {
		for (const run of runs) run[Symbol.dispose]();
	}
}
