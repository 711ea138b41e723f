/** Every failure that a person can meet has one code; the sentence for it lives in `ui/messages.ts`. */
export type ErrorCode =
	| 'image-unreadable' // bytes are no image of a known format, or are damaged
	| 'image-too-large' // refused from the header, before any allocation
	| 'format-unsupported' // known format or variant, deliberately refused by name
	| 'file-empty'
	| 'zip-unreadable'
	| 'zip-too-large'
	| 'zip-entry-damaged'
	| 'mask-size-differs'
	| 'mask-has-too-many-values'
	| 'description-unreadable' // an annotation file, or one entry of it, is not as its format says
	| 'dataset-too-small'
	| 'dataset-missing'
	| 'dataset-changed'
	| 'project-unreadable' // a project file is damaged, or not as it says
	| 'project-newer' // a project file of a newer version of the app
	| 'spec-invalid'
	| 'lesson-unreadable' // a link to a lesson is damaged
	| 'lesson-newer' // a link to a lesson of a newer version of the app
	| 'model-unreadable'
	| 'model-mismatch'
	| 'backend-unavailable'
	| 'gpu-error'
	| 'gpu-lost'
	| 'out-of-memory'
	| 'cage-unavailable' // where loss code is run does not start
	| 'loss-code-wrong' // code of an own loss cannot be recorded
	| 'not-finite'
	| 'checkpoint-damaged'
	| 'checkpoint-missing'
	| 'storage-unavailable'
	| 'storage-full'
	| 'storage-newer'
	| 'storage-blocked'
	| 'project-locked'
	| 'worker-died'
	| 'cancelled';

/** Facts that fill the gaps of a message: file names, sizes, values. Plain data, so that it crosses a worker. */
export type ErrorFacts = Readonly<Record<string, string | number>>;

/** A failure with a cause that a person can act on. Bugs stay ordinary errors. */
export class AppError extends Error {
	override readonly name = 'AppError';
	readonly code: ErrorCode;
	readonly facts: ErrorFacts;

	constructor(code: ErrorCode, facts: ErrorFacts = {}, options?: ErrorOptions) {
		const details = Object.entries(facts).map(([key, value]) => `${key}=${value}`);
		super([code, ...details].join(' '), options);
		this.code = code;
		this.facts = facts;
	}
}

/** Throws `cancelled` when the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new AppError('cancelled');
}
