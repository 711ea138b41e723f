/**
 * Lists of pairs: a text file with an image and its mask on each line (SegNet's `train.txt`), or a table with columns for both.
 * Paths are matched by their ends, as most lists were written on another computer.
 */
import { columnOf, parseRows, parseTable } from './csv.ts';
import type { Descriptor, Surroundings } from './descriptor.ts';
import { Findings, findPicture } from './findings.ts';
import type { PictureNames } from './picture-names.ts';
import type { TextFile } from './text-file.ts';

const imageColumns = [
	'image',
	'images',
	'imagepath',
	'imagefile',
	'imagename',
	'img',
	'imgpath',
	'input',
	'filename',
	'satimagepath',
	'path',
	'x',
];
const maskColumns = [
	'mask',
	'masks',
	'maskpath',
	'maskfile',
	'maskname',
	'label',
	'labelpath',
	'labels',
	'annotation',
	'segmentation',
	'target',
	'gt',
	'groundtruth',
	'y',
];

interface Line {
	readonly image: string;
	readonly mask: string;
}

/** A line of two names: split where both are opened pictures, else where one is, as names may hold spaces. */
function splitLine(line: string, near: string, pictures: PictureNames): Line | null {
	const known = (name: string): boolean => pictures.find(name, near).kind === 'one';
	const breaks = [...line.matchAll(/[\s,;]+/gu)];
	const splits = breaks.map((found) => ({ image: line.slice(0, found.index), mask: line.slice(found.index + found[0].length) }));
	const best =
		splits.find(({ image, mask }) => known(image) && known(mask)) ??
		splits.find(({ mask }) => known(mask)) ??
		splits.find(({ image }) => known(image));
	return best ?? (splits.length === 1 ? (splits[0] ?? null) : null);
}

function tableLines(file: TextFile): Line[] {
	const { header, rows } = parseTable(file.text);
	const image = columnOf(header, imageColumns);
	const mask = columnOf(
		header,
		maskColumns.filter((name) => columnOf(header, [name]) !== image),
	);
	const named = image >= 0 && mask >= 0;
	return (named ? rows : parseRows(file.text).filter(({ fields }) => fields.length === 2)).map(({ fields }) => ({
		image: fields[named ? image : 0] ?? '',
		mask: fields[named ? mask : 1] ?? '',
	}));
}

/** The lines of two names, and how many others there are. */
function linesOf(file: TextFile, { pictures }: Surroundings): { lines: Line[]; others: number } {
	if (/\.[ct]sv$/iu.test(file.path)) return { lines: tableLines(file), others: 0 };
	const texts = file.text
		.split(/\r?\n/u)
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.startsWith('#'));
	const lines = texts.flatMap((line) => splitLine(line, file.path, pictures) ?? []);
	return { lines, others: texts.length - lines.length };
}

/** Looked at before a whole list is believed. */
const probes = 20;

export const listFile: Descriptor = {
	id: 'list',
	name: 'list of pairs',
	match: ({ path }) => /\.(?:txt|lst|list|csv|tsv)$/iu.test(path),
	async read(file, surroundings) {
		const { pictures } = surroundings;
		const found = linesOf(file, surroundings);
		const lines = found.lines.filter(({ image, mask }) => image !== '' && mask !== '' && image !== mask);
		const isPair = ({ image, mask }: Line): boolean => {
			const [first, second] = [pictures.find(image, file.path), pictures.find(mask, file.path)];
			return first.kind === 'one' && second.kind === 'one' && first.path !== second.path;
		};
		if (!lines.slice(0, probes).some(isPair)) return null;
		const findings = new Findings();
		const others = found.others + found.lines.length - lines.length;
		if (others > 0)
			findings.notes.push(`In “${file.path}” ${others} ${others === 1 ? 'line holds' : 'lines hold'} no two names of opened pictures.`);
		const masks = new Map<string, string[]>();
		for (const { image, mask } of lines) {
			const imagePath = findPicture(findings, pictures, image, file.path);
			const maskPath = findPicture(findings, pictures, mask, file.path);
			if (imagePath !== null && maskPath !== null && imagePath !== maskPath)
				masks.set(imagePath, [...(masks.get(imagePath) ?? []), maskPath]);
		}
		for (const [imagePath, maskPaths] of masks) findings.listed.push({ imagePath, maskPaths: [...new Set(maskPaths)], channelPaths: [] });
		return findings.description([]);
	},
};
