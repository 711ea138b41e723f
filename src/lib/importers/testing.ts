/** Small files to open, for tests. */
import { classLookup, toClassMap } from '#lib/pixels/labels.ts';
import type { OpenedFile } from './opened-file.ts';
import { scanFiles } from './open-files.ts';
import { encodePng } from './png-encode.ts';
import type { ImportProposal, Revision } from './proposal.ts';

/** A file of bytes or of text. */
export function file(path: string, content: Uint8Array<ArrayBuffer> | string): OpenedFile {
	const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
	return { path, bytes: async () => bytes };
}

/** A file of JSON. */
export const json = (path: string, value: unknown): OpenedFile => file(path, JSON.stringify(value));

/** A grey image: 8-bit samples, all different enough to be no mask. */
export function image(path: string, width = 6, height = 4): OpenedFile {
	return file(
		path,
		encodePng(
			width,
			height,
			Uint8Array.from({ length: width * height }, (_, i) => (i * 37) % 256),
		),
	);
}

/** A mask of digits: `'0110'` is a row of four pixels. */
export function mask(path: string, rows: readonly string[], palette?: Uint8Array): OpenedFile {
	const data = Uint8Array.from(rows.join(''), (digit) => Number.parseInt(digit, 36));
	return file(path, encodePng(rows[0]?.length ?? 0, rows.length, data, palette));
}

/** Opens files and carries out the person's changes one by one. */
export async function open(files: readonly OpenedFile[], ...revisions: readonly Revision[]): Promise<ImportProposal> {
	let proposal = await scanFiles(files);
	for (const revision of revisions) proposal = await proposal.revise(revision);
	return proposal;
}

/** Class indices of every pair as rows of digits, `x` where a pixel is ignored. */
export async function classRows(proposal: ImportProposal): Promise<Record<string, string[]>> {
	const scheme = proposal.labels?.scheme;
	if (!scheme) return {};
	const rows: Record<string, string[]> = {};
	for (const pair of proposal.pairs) {
		const { mask: labels } = await proposal.readPair(pair);
		const classes = toClassMap(labels, classLookup(scheme));
		rows[pair.imagePath] = Array.from({ length: labels.height }, (_, y) =>
			Array.from(classes.subarray(y * labels.width, (y + 1) * labels.width), (index) => (index === 255 ? 'x' : index.toString(36))).join(
				'',
			),
		);
	}
	return rows;
}

/** Names of the classes, background first. */
export const classesOf = (proposal: ImportProposal): string[] => proposal.labels?.scheme.classes.map(({ name }) => name) ?? [];

/** Every sentence that the proposal says about the files. */
export const notesOf = (proposal: ImportProposal): string => [...proposal.notes, ...(proposal.labels?.notes ?? [])].join('\n');

/** Where every file ended up, once per appearance. */
export function placesOf({ pairs, unmatchedImages, unmatchedMasks, problems, ignored }: ImportProposal): string[] {
	return [
		...pairs.flatMap((pair) => [
			pair.imagePath,
			...pair.channelPaths,
			...pair.maskPaths,
			...(pair.regionPath === null ? [] : [pair.regionPath]),
		]),
		...[...unmatchedImages, ...unmatchedMasks, ...ignored].map((entry) => entry.path),
		...problems.flatMap((problem) => problem.paths),
	].sort();
}
