/**
 * The cage: a frame without an origin, network or storage (`static/cage.html`, with a policy of its own), in which a worker runs a
 * person's code until it has answered or its time is up. Nothing comes out but one message, which is checked before it is believed.
 */
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { lossGraphsSchema, type LossGraphs } from '#lib/core/loss-graph.ts';
import type { BuiltIns } from '#lib/graphs/recorder.ts';
import type { CodeValues } from '#lib/graphs/trace.ts';
import { tracerText } from 'virtual:tracer';
import { readCode, type CodeProblem } from './code.ts';
import type { TracerRequest } from './tracer.ts';

/** A loop is ended after this. */
const limitMs = 2000;
/** For the frame to load, and to answer after its worker was ended. */
const patienceMs = 5000;

export interface TraceSetting {
	readonly values: CodeValues;
	/** Most images in a batch. */
	readonly batchSize: number;
	/** Side of the images, pixels. */
	readonly size: number;
	/** 1 with a sigmoid, one per class with softmax. */
	readonly channels: number;
	readonly builtIns: BuiltIns;
}

export interface Traced {
	readonly graphs: LossGraphs;
	readonly warnings: readonly CodeProblem[];
}

const problemSchema = v.object({ line: v.pipe(v.number(), v.integer(), v.minValue(0)), message: v.pipe(v.string(), v.maxLength(10_000)) });
const answerSchema = v.variant('ok', [
	v.object({
		ok: v.literal(true),
		graphs: lossGraphsSchema,
		warnings: v.pipe(v.array(v.object({ line: v.number(), text: v.pipe(v.string(), v.maxLength(1000)) })), v.maxLength(1000)),
	}),
	v.object({ ok: v.literal(false), ...problemSchema.entries }),
]);

/** The text of the worker: the tracer, then the code as the body of a function. */
function workerText(body: string, request: Omit<TracerRequest, 'lines'>): { readonly text: string; readonly firstLine: number } {
	const head = `${tracerText}\n`;
	const first = head.split('\n').length + 1;
	const asked: TracerRequest = { ...request, lines: [first, first + body.split('\n').length - 1] };
	const text = `${head}overlapTracer.run(${JSON.stringify(asked)}, function (tf, losses, Loss) { 'use strict';\n${body}\n});\n//# sourceURL=loss.js`;
	return { text, firstLine: first };
}

/** The first message of a port, or nothing after so many milliseconds. */
function heard(port: MessagePort, waitMs: number): Promise<unknown> {
	return new Promise((resolve) => {
		const timer = setTimeout(() => resolve(undefined), waitMs);
		port.onmessage = (event: MessageEvent<unknown>) => {
			clearTimeout(timer);
			resolve(event.data);
		};
	});
}

export class Cage implements Disposable {
	readonly #address: string;
	#frame: HTMLIFrameElement | null = null;
	#port: MessagePort | null = null;
	/** One piece of code after the other. */
	#last: Promise<unknown> = Promise.resolve();

	/** @param address where `cage.html` lies */
	constructor(address: string) {
		this.#address = address;
	}

	/**
	 * Runs code once and gives back what it recorded, or what is wrong with it.
	 * Throws `cage-unavailable` when the cage does not start, for instance offline.
	 */
	trace(code: string, setting: TraceSetting): Promise<Traced | CodeProblem> {
		const next = this.#last.then(() => this.#trace(code, setting));
		this.#last = next.catch(() => undefined);
		return next;
	}

	async #trace(code: string, { values, batchSize, size, channels, builtIns }: TraceSetting): Promise<Traced | CodeProblem> {
		const parts = readCode(code);
		if ('message' in parts) return parts;
		const batches = Array.from({ length: Math.max(2, batchSize) }, (_, index) => index + 1).reverse();
		const { text, firstLine } = workerText(parts.body, { batches, size, channels, values, builtIns });
		const port = await this.#open();
		port.postMessage({ text, limitMs });
		const said = await heard(port, limitMs + patienceMs);
		if (said === undefined) this.#close();
		return this.#read(said, firstLine);
	}

	#read(said: unknown, firstLine: number): Traced | CodeProblem {
		const ended = v.safeParse(v.object({ ended: v.picklist(['time', 'error']), line: v.number(), message: v.string() }), said);
		if (said === undefined || (ended.success && ended.output.ended === 'time')) {
			return { line: 0, message: `The code was ended after ${limitMs / 1000} seconds: is there a loop without end?` };
		}
		if (ended.success) {
			return {
				line: Math.max(0, ended.output.line - firstLine + 1),
				message: ended.output.message.replace(/^Uncaught /u, '') || 'The code could not be started.',
			};
		}
		const answer = v.safeParse(v.object({ answer: answerSchema }), said);
		if (!answer.success) return { line: 0, message: 'The code answered with something that is no loss.' };
		const { answer: read } = answer.output;
		if (!read.ok) return { line: read.line, message: read.message };
		return { graphs: read.graphs, warnings: read.warnings.map(({ line, text: message }) => ({ line, message })) };
	}

	async #open(): Promise<MessagePort> {
		if (this.#port) return this.#port;
		const frame = document.createElement('iframe');
		frame.setAttribute('sandbox', 'allow-scripts');
		frame.setAttribute('aria-hidden', 'true');
		frame.tabIndex = -1;
		frame.title = 'Where loss code is run';
		frame.hidden = true;
		frame.src = this.#address;
		const loaded = new Promise<void>((resolve) => frame.addEventListener('load', () => resolve(), { once: true }));
		document.body.append(frame);
		this.#frame = frame;
		const late = new Promise<void>((resolve) => setTimeout(resolve, patienceMs));
		await Promise.race([loaded, late]);
		const { port1, port2 } = new MessageChannel();
		const ready = heard(port1, patienceMs);
		// A frame without an origin can only be addressed as anyone; the port goes to whatever page the frame shows, and carries code only.
		frame.contentWindow?.postMessage('overlap cage', '*', [port2]);
		if ((await ready) !== 'ready') {
			this.#close();
			throw new AppError('cage-unavailable');
		}
		this.#port = port1;
		return port1;
	}

	#close(): void {
		this.#port?.close();
		this.#frame?.remove();
		this.#port = null;
		this.#frame = null;
	}

	[Symbol.dispose](): void {
		this.#close();
	}
}
