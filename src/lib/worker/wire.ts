/**
 * What crosses between page and worker. Comlink carries calls but drops an error's `code`, so every call answers with a
 * `Reply`; events travel beside Comlink's own messages on the same port, so they arrive in order with the replies.
 */
import { AppError, type ErrorCode, type ErrorFacts } from '#lib/core/errors.ts';
import type { RunEvent } from '#lib/core/run.ts';
import type { Trainer } from '#lib/core/trainer.ts';
import type { Decoder, Picture } from '#lib/importers/decoder.ts';
import type { ImageFormat } from '#lib/importers/format.ts';

export interface WireError {
	readonly code: ErrorCode | null;
	readonly facts: ErrorFacts;
	readonly message: string;
	readonly stack: string;
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** An event message; told from Comlink's messages by its key. */
export interface EventMessage {
	readonly overlapEvent: RunEvent;
}

/** What the worker offers: the trainer's methods, each answering with a `Reply`, and `connect` before all others. */
export type TrainWorkerApi = {
	readonly [K in keyof Trainer]: Trainer[K] extends (...args: infer A) => Promise<infer R>
		? (...args: K extends 'open' ? [Parameters<Trainer['open']>[0]] : A) => Promise<Reply<R>>
		: never;
} & {
	/** Opens the records: IndexedDB under `basePath`, or the page's own in memory behind `port`. */
	connect(basePath: string, port: MessagePort | null): Promise<Reply<void>>;
};

/** A picture as it crosses: its format by id. */
export interface WirePicture extends Omit<Picture, 'format'> {
	readonly formatId: string;
}

/** What the decoding worker offers: the decoder's methods, each answering with a `Reply`. */
export type DecodeWorkerApi = {
	readonly [K in keyof Decoder]: Decoder[K] extends (at: infer P, ...args: infer A) => Promise<infer R>
		? (at: P extends Picture ? WirePicture : P extends ImageFormat ? string : P, ...args: A) => Promise<Reply<R>>
		: never;
};

function toWire(error: unknown): WireError {
	if (error instanceof AppError) return { code: error.code, facts: error.facts, message: error.message, stack: error.stack ?? '' };
	const known = error instanceof Error ? error : new Error(String(error));
	return { code: null, facts: {}, message: `${known.name}: ${known.message}`, stack: known.stack ?? '' };
}

export function fromWire({ code, facts, message, stack }: WireError): Error {
	const error = code === null ? new Error(message) : new AppError(code, facts);
	error.stack = stack;
	return error;
}

/** Runs a call and turns what it throws into a reply. */
export async function reply<T>(call: () => Promise<T>): Promise<Reply<T>> {
	try {
		return { ok: true, value: await call() };
	} catch (error) {
		return { ok: false, error: toWire(error) };
	}
}

export function isEventMessage(data: unknown): data is EventMessage {
	return typeof data === 'object' && data !== null && 'overlapEvent' in data;
}
