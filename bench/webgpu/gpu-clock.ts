/** What the GPU itself spends on compute passes, by a timestamp at both ends of each. */
import { awaitGpu, openDevice } from './device.ts';
import { wrap } from './wrap.ts';

/** Most queries that a query set holds. */
const mostQueries = 4096;
const bytesPerTimestamp = 8;

/** Gives a pass its timestamps, while a clock runs. */
let stamp: ((args: readonly unknown[]) => readonly unknown[]) | undefined;
let wrapped = false;

export class GpuClock {
	readonly #device: GPUDevice;
	readonly #queries: GPUQuerySet;
	readonly #resolved: GPUBuffer;
	readonly #staging: GPUBuffer;
	#passes = 0;

	private constructor(device: GPUDevice) {
		const size = mostQueries * bytesPerTimestamp;
		this.#device = device;
		this.#queries = device.createQuerySet({ type: 'timestamp', count: mostQueries });
		this.#resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
		this.#staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
	}

	/** A clock on the open device; null where it has no timestamps. */
	static open(): GpuClock | null {
		const device = openDevice();
		if (!device.features.has('timestamp-query')) return null;
		if (!wrapped) wrap(GPUCommandEncoder.prototype, 'beginComputePass', (_encoder, args) => stamp?.(args));
		wrapped = true;
		return new GpuClock(device);
	}

	/** Passes that were begun since `time` began. */
	get passes(): number {
		return this.#passes;
	}

	/** Arguments for the next pass. */
	#nextPass([descriptor]: readonly unknown[]): readonly unknown[] {
		const first = 2 * this.#passes++;
		if (first >= mostQueries) throw new Error(`More than ${mostQueries / 2} passes are too many to be timed at once.`);
		const timestampWrites = { querySet: this.#queries, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
		return [{ ...(typeof descriptor === 'object' ? descriptor : {}), timestampWrites }];
	}

	/**
	 * Milliseconds of each pass that `work` begins, in their order, from its beginning to its end on the GPU. Of passes that overlap the
	 * later one counts from the end of the earlier one, so that the sum is the time in which the GPU computed.
	 */
	async time(work: () => void): Promise<number[]> {
		await awaitGpu();
		this.#passes = 0;
		stamp = (args) => this.#nextPass(args);
		try {
			work();
		} finally {
			stamp = undefined;
		}
		await awaitGpu();
		let last = 0n;
		return (await this.#read()).map(([begin, end]) => {
			const from = begin > last ? begin : last;
			if (end > last) last = end;
			return end > from ? Number(end - from) / 1e6 : 0;
		});
	}

	async #read(): Promise<(readonly [bigint, bigint])[]> {
		const count = 2 * this.#passes;
		if (count === 0) return [];
		const encoder = this.#device.createCommandEncoder();
		encoder.resolveQuerySet(this.#queries, 0, count, this.#resolved, 0);
		encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, count * bytesPerTimestamp);
		this.#device.queue.submit([encoder.finish()]);
		await this.#staging.mapAsync(GPUMapMode.READ, 0, count * bytesPerTimestamp);
		const stamps = [...new BigUint64Array(this.#staging.getMappedRange(0, count * bytesPerTimestamp))];
		this.#staging.unmap();
		return Array.from({ length: this.#passes }, (_, pass) => [stamps[2 * pass] ?? 0n, stamps[2 * pass + 1] ?? 0n]);
	}
}
