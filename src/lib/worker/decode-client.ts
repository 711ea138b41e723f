/**
 * The decoder across a worker. One picture at a time; one that takes too long is given up, with its worker. Nothing is copied: bytes
 * and pixels move there and back, so that at any moment one thread holds them.
 */
import { transfer, wrap } from 'comlink';
import type { LabelMap, Raster, SamplePixels } from '#lib/core/sample.ts';
import type { Decoder, DescribedFile, Picture } from '#lib/importers/decoder.ts';
import { type Bytes, type ImageFormat, type StoredMask, unreadable } from '#lib/importers/format.ts';
import type { LabelEncoding, MaskFacts } from '#lib/importers/mask-values.ts';
import type { MeasuredSample } from '#lib/importers/measured-sample.ts';
import workerUrl from './decode.worker.ts?worker&url';
import { startModuleWorker } from './start-worker.ts';
import { type DecodeWorkerApi, fromWire, type Reply, type WirePicture } from './wire.ts';

type Api = ReturnType<typeof wrap<DecodeWorkerApi>>;

interface Live {
	readonly worker: Worker;
	readonly api: Api;
	/** Resolves when the worker dies; Comlink never settles its calls then. */
	readonly death: Promise<'died'>;
}

export interface DecodeLimits {
	/** What every file may take, milliseconds. */
	readonly baseMs: number;
	/** More for every million of the file's bytes and of the picture's samples. */
	readonly perMillionMs: number;
}

/** Many times what any format takes (`bench/results/open.md`): only a hang gets there. */
const usualLimits: DecodeLimits = { baseMs: 20_000, perMillionMs: 1_000 };

function start(url: string): Live {
	const worker = startModuleWorker(url, 'decode');
	const death = new Promise<'died'>((resolve) => {
		worker.addEventListener('error', () => resolve('died'));
		worker.addEventListener('messageerror', () => resolve('died'));
	});
	return { worker, api: wrap<DecodeWorkerApi>(worker), death };
}

/** Bytes on their way to the worker. A part of a larger buffer is copied, because a buffer moves as a whole. */
function handedOver(bytes: Bytes): Bytes {
	const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
	return transfer(own, [own.buffer]);
}

export class DecodeClient implements Decoder, Disposable {
	readonly #limits: DecodeLimits;
	readonly #url: string;
	#live: Live | null = null;
	/** The call before the next one: each has the worker, and its time, to itself. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(limits = usualLimits, url = workerUrl) {
		this.#limits = limits;
		this.#url = url;
	}

	describe(format: ImageFormat, bytes: Bytes): Promise<DescribedFile> {
		return this.#inTurn(format.name, bytes.length, (api) => api.describe(format.id, handedOver(bytes)));
	}

	readImage(picture: Picture, bytes: Bytes): Promise<Raster> {
		return this.#decode(picture, bytes, (api, at) => api.readImage(at, handedOver(bytes)));
	}

	readLabels(picture: Picture, bytes: Bytes): Promise<StoredMask> {
		return this.#decode(picture, bytes, (api, at) => api.readLabels(at, handedOver(bytes)));
	}

	describeMask(picture: Picture, bytes: Bytes): Promise<MaskFacts> {
		return this.#decode(picture, bytes, (api, at) => api.describeMask(at, handedOver(bytes)));
	}

	readLabelMap(picture: Picture, bytes: Bytes, encoding: LabelEncoding): Promise<LabelMap> {
		return this.#decode(picture, bytes, (api, at) => api.readLabelMap(at, handedOver(bytes), encoding));
	}

	measure({ image, mask }: SamplePixels): Promise<MeasuredSample> {
		const sizeBytes = image.data.byteLength + mask.data.byteLength;
		return this.#inTurn('picture', sizeBytes, (api) => api.measure(transfer({ image, mask }, [image.data.buffer, mask.data.buffer])));
	}

	#decode<T>({ format, header, page }: Picture, bytes: Bytes, call: (api: Api, at: WirePicture) => Promise<Reply<T>>): Promise<T> {
		const samples = header.width * header.height * header.channels;
		return this.#inTurn(format.name, bytes.length + samples, (api) => call(api, { formatId: format.id, header, page }));
	}

	/** @param name of the format, for the failure */
	#inTurn<T>(name: string, sizeBytes: number, call: (api: Api) => Promise<Reply<T>>): Promise<T> {
		const turn = this.#last.then(() => this.#call(name, sizeBytes, call));
		this.#last = turn.catch(() => undefined);
		return turn;
	}

	async #call<T>(name: string, sizeBytes: number, call: (api: Api) => Promise<Reply<T>>): Promise<T> {
		const live = (this.#live ??= this.#start());
		const limitMs = this.#limits.baseMs + (sizeBytes / 1e6) * this.#limits.perMillionMs;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), limitMs)));
		const answer = await Promise.race([call(live.api), live.death, late]).finally(() => clearTimeout(timer));
		if (typeof answer === 'string') {
			this[Symbol.dispose]();
			const reason =
				answer === 'late'
					? `was not read within ${Math.ceil(limitMs / 1000)} s, and reading it was stopped`
					: 'stopped its reader, most often because memory ran out';
			throw unreadable(name, reason);
		}
		if (answer.ok) return answer.value;
		throw fromWire(answer.error);
	}

	/** A worker that dies between two calls is let go of, so that the next file does not answer for it. */
	#start(): Live {
		const live = start(this.#url);
		void live.death.then(() => this.#live === live && this[Symbol.dispose]());
		return live;
	}

	/** Ends the worker; the next call starts another one. */
	[Symbol.dispose](): void {
		this.#live?.worker.terminate();
		this.#live = null;
	}
}
