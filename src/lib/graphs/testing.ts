/** Loss code for tests, made of text as the cage does it. */
import type { LossCode } from './trace.ts';

export function codeOf(body: string): LossCode {
	// eslint-disable-next-line @typescript-eslint/no-implied-eval -- Tests run in Node, and their code is their own.
	const made: unknown = new Function('tf', 'losses', 'Loss', `return ${body}`);
	return made as LossCode;
}
