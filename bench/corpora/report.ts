/** Counts what became of the files of the corpora, and writes it as tables. */
import { AppError } from '#lib/core/errors.ts';
import { greyTiff, tiffFile, type TiffField } from '#lib/importers/testing/tiff-file.ts';
import { readTiffLayout } from '#lib/importers/tiff-layout.ts';
import type { FileOutcome } from './suite.ts';

const columns = ['files', 'exact', 'refused', 'silently different', 'crashed', 'bad ones accepted', 'unsafe names'] as const;
type Row = Readonly<Record<'kind' | (typeof columns)[number], string | number>>;

function row(kind: string, outcomes: readonly FileOutcome[]): Row {
	const count = (verdict: FileOutcome['verdict']): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
	const different = outcomes.filter(({ verdict, intended }) => verdict === 'different' && !intended);
	return {
		kind,
		files: outcomes.length,
		exact: kind === 'jpeg' ? `${count('header')} headers` : count('exact'),
		refused: count('refused'),
		'silently different': different.filter(({ damaged }) => !damaged).length,
		crashed: count('crashed'),
		'bad ones accepted': different.filter(({ damaged }) => damaged).length,
		'unsafe names': outcomes.reduce((sum, { unsafeNames }) => sum + unsafeNames, 0),
	};
}

const byKind = (outcomes: readonly FileOutcome[]): Row[] =>
	[...new Set(outcomes.map(({ kind }) => kind))].map((kind) =>
		row(
			kind,
			outcomes.filter((outcome) => outcome.kind === kind),
		),
	);

/** Files that make the command fail. */
export const wrong = (outcomes: readonly FileOutcome[]): FileOutcome[] =>
	outcomes.filter(
		({ verdict, intended, unsafeNames }) => (verdict === 'different' && !intended) || verdict === 'crashed' || unsafeNames > 0,
	);

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** Reasons for which files are refused, the most frequent first. */
function refusals(outcomes: readonly FileOutcome[]): string[] {
	const reasons = new Map<string, number>();
	for (const { kind, verdict, detail } of outcomes) {
		if (verdict === 'refused') reasons.set(`${kind}: ${detail}`, (reasons.get(`${kind}: ${detail}`) ?? 0) + 1);
	}
	return [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `- ${reason}: ${count}`);
}

/** The counts as a table, the reasons of refusals, and what is another verdict than the reference's on purpose. */
export function summary(outcomes: readonly FileOutcome[]): string[] {
	const intended = outcomes.filter((outcome) => outcome.intended);
	return [
		line(['', ...columns]),
		line(['---', ...columns.map(() => '---:')]),
		...byKind(outcomes).map((counts) => line([counts.kind, ...columns.map((column) => counts[column])])),
		'',
		'Refused, and why:',
		'',
		...refusals(outcomes),
		'',
		'Not as the reference (Python) does, on purpose:',
		'',
		...intended.map(
			({ name, verdict, damaged }) =>
				`- \`${name}\`: ${verdict === 'refused' ? 'refused' : 'opened'}, the reference ${damaged ? 'refuses' : 'opens'} it`,
		),
	];
}

const formats: readonly (readonly [name: string, sampleFormat: number, bits: readonly number[]])[] = [
	['unsigned', 1, [1, 2, 4, 8, 12, 16, 24, 32, 64]],
	['signed', 2, [8, 16, 32, 64]],
	['float', 3, [16, 24, 32, 64]],
	['complex', 6, [64, 128]],
];
const encodings: readonly (readonly [name: string, compression: number, predictor: number])[] = [
	['none', 1, 1],
	['PackBits', 32773, 1],
	['LZW', 5, 1],
	['LZW, predictor 2', 5, 2],
	['LZW, predictor 3', 5, 3],
	['Deflate', 8, 1],
	['Deflate, predictor 2', 8, 2],
	['Deflate, predictor 3', 8, 3],
	['JPEG', 7, 1],
	['fax', 4, 1],
];

/** Whether the app's own check of headers lets the variant through. */
function isRead(fields: readonly TiffField[]): boolean {
	try {
		readTiffLayout(tiffFile(fields, [new Uint8Array(64)]));
		return true;
	} catch (error) {
		if (error instanceof AppError && error.code === 'format-unsupported') return false;
		throw error;
	}
}

/** Which kinds of samples are read in which encodings, found by asking for a header of each. */
export function tiffVariants(): string[] {
	const cells = (sampleFormat: number, bits: number): string[] =>
		encodings.map(([, compression, predictor]) => {
			const fields = greyTiff(1, 1, bits, [339, 3, [sampleFormat]], [259, 3, [compression]], [317, 3, [predictor]]);
			return isRead(fields) ? 'yes' : '–';
		});
	return [
		line(['samples', ...encodings.map(([name]) => name)]),
		line(['---', ...encodings.map(() => '---')]),
		...formats.flatMap(([name, sampleFormat, allBits]) =>
			allBits.map((bits) => line([`${name}, ${bits} bit`, ...cells(sampleFormat, bits)])),
		),
		'',
		'Each of them classic or BigTIFF, little- or big-endian, in strips or tiles, with channels together or apart, grey with black or',
		'white at 0, RGB, or (up to 8 bits) a palette; several channels from 8 bits on; turned upright by its orientation. Whole numbers of',
		'64 bits are read up to 2⁵³. All else is refused by name.',
	];
}
