/** How steps are timed, whoever takes them. */
import { median } from '../statistics.mjs';

/** A net in training that takes one step after the other. */
export interface Stepper<Taken = unknown> {
	readonly parameters: number;
	/** Records a step and hands it to the GPU; nothing is waited for. */
	take(): Taken;
	/** The losses of steps that were taken, in their order; each is read once. */
	read(taken: readonly Taken[]): Promise<number[]>;
	close(): void;
}

export interface Protocol {
	/** Steps that are read back one by one and not timed, but for the last of them, which says how many fit into a slice. */
	readonly warm: number;
	/** Of a round. */
	readonly steps: number;
	readonly rounds: number;
	/** No further round begins later than this. */
	readonly mostMs: number;
}

export interface StepTimes {
	readonly parameters: number;
	/** Of the steps that warmed up, so that a fast but wrong step shows. */
	readonly losses: readonly number[];
	/** Milliseconds a step, recording and waiting together, when it is read back every quarter of a second; one value a round. */
	readonly rounds: readonly number[];
	/** The median of the rounds. */
	readonly msPerStep: number;
	/** Of that, what the host spent on recording. Null where it cannot be told. */
	readonly hostMs: number | null;
	/** Median, when each step is read back before the next. Null where nothing is read back. */
	readonly eachReadMs: number | null;
}

/** As in the app, whose Pause answers that soon. */
const sliceMs = 250;

/** `steps` steps, each read back before the next: their losses, and the milliseconds of each. */
async function oneByOne<Taken>(stepper: Stepper<Taken>, steps: number): Promise<{ losses: number[]; times: number[] }> {
	const [losses, times]: [number[], number[]] = [[], []];
	for (let count = 0; count < steps; count++) {
		const startedAt = performance.now();
		losses.push(...(await stepper.read([stepper.take()])));
		times.push(performance.now() - startedAt);
	}
	return { losses, times };
}

/** `steps` steps in slices, the last step of a slice being waited for: milliseconds a step, and of them those of recording. */
async function inSlices<Taken>(stepper: Stepper<Taken>, steps: number, perSlice: number): Promise<{ ms: number; hostMs: number }> {
	let hostMs = 0;
	const startedAt = performance.now();
	for (let done = 0; done < steps; done += perSlice) {
		const sliceAt = performance.now();
		const taken = Array.from({ length: Math.min(perSlice, steps - done) }, () => stepper.take());
		hostMs += performance.now() - sliceAt;
		await stepper.read(taken);
	}
	return { ms: (performance.now() - startedAt) / steps, hostMs: hostMs / steps };
}

/** Calls `round` as the protocol wants it. */
export async function inRounds<Result>({ rounds, mostMs }: Protocol, round: () => Promise<Result>): Promise<Result[]> {
	const [results, startedAt]: [Result[], number] = [[], performance.now()];
	do results.push(await round());
	while (results.length < rounds && performance.now() - startedAt < mostMs);
	return results;
}

/** Times the steps of a net that has taken none yet. */
export async function timeSteps<Taken>(stepper: Stepper<Taken>, protocol: Protocol): Promise<StepTimes> {
	const { losses, times } = await oneByOne(stepper, protocol.warm);
	const eachReadMs = median(times.slice(times.length >> 1));
	let perSlice = Math.max(1, Math.floor(sliceMs / eachReadMs));
	const measured = await inRounds(protocol, async () => {
		const round = await inSlices(stepper, protocol.steps, perSlice);
		perSlice = Math.max(1, Math.floor(sliceMs / round.ms));
		return round;
	});
	const rounds = measured.map(({ ms }) => ms);
	const hostMs = median(measured.map((round) => round.hostMs));
	return { parameters: stepper.parameters, losses, rounds, msPerStep: median(rounds), hostMs, eachReadMs };
}
