import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { Bytes } from './format.ts';
import { tiff, readTiffSamples } from './tiff.ts';
import { readTiffLayout } from './tiff-layout.ts';

const corpus = join(process.env.OVERLAP_SHARED ?? '../shared', 'corpora/tiff');

interface Expected {
	readonly decodes: boolean;
	readonly shape?: readonly number[];
	readonly planar?: number;
	readonly sha256OfFloat64LeSamplesChannelsLast?: string;
}

const read = (path: string): Bytes => new Uint8Array(readFileSync(path));

/** 'exact', 'different', or the code and name of the refusal. */
function outcome(bytes: Bytes, { sha256OfFloat64LeSamplesChannelsLast: expected }: Expected): string {
	try {
		const layout = readTiffLayout(bytes);
		const samples = Float64Array.from(readTiffSamples(bytes, layout));
		return createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex') === expected ? 'exact' : 'different';
	} catch (error) {
		if (!(error instanceof AppError)) return `bug: ${String(error)}`;
		return error.code === 'format-unsupported' ? `refused: ${error.facts['format']}` : error.code;
	}
}

describe.skipIf(!existsSync(corpus))('the TIFF corpus (skipped where the shared corpora are missing)', () => {
	const expected: Record<string, Expected> = existsSync(corpus) ? JSON.parse(readFileSync(join(corpus, 'expected.json'), 'utf8')) : {};
	const outcomes = Object.entries(expected).map(([name, facts]) => [name, outcome(read(join(corpus, name)), facts), facts] as const);

	test('is never read differently, and never crashes', () => {
		console.info(outcomes.map(([name, result]) => `${name}: ${result}`).join('\n'));
		expect(outcomes.filter(([, result]) => result === 'different' || result.startsWith('bug'))).toEqual([]);
	});

	test('has no file read that a reader of reference does not read', () => {
		expect(outcomes.filter(([, result, { decodes }]) => result === 'exact' && !decodes)).toEqual([]);
	});
});
