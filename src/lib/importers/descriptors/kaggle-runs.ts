/**
 * Kaggle's tables of run lengths: a row per object with the image's name, pairs `start length …` and, in some, a class.
 * Pixels count from 1 down the columns; in the Sartorius competition (`annotation`, `cell_type`) along the rows.
 * Source: <https://www.kaggle.com/competitions/severstal-steel-defect-detection/overview/evaluation>.
 */
import { breathe, isBreathDue } from '../breathe.ts';
import { badEntry, type Descriptor } from './descriptor.ts';
import { columnOf, parseTable, type Table } from './csv.ts';
import { findPicture, Findings } from './findings.ts';
import { decodePairs, RunLengthError } from './run-lengths.ts';
import { type DrawnObject, single } from './shapes.ts';

const format = 'Kaggle run lengths';

const runColumns = ['encodedpixels', 'rlemask', 'rle', 'encoding', 'maskrle'];
const imageColumns = ['imageid', 'image', 'imagename', 'filename', 'id', 'img'];
/** Columns that hold the image's name and the class, joined by the last `_`. */
const joinedColumns = ['imageidclassid', 'imagelabel'];
const classColumns = ['classid', 'class', 'label', 'celltype', 'category'];

interface Columns {
	readonly image: number;
	readonly runs: number;
	/** -1 without one. */
	readonly className: number;
	readonly joined: boolean;
	readonly order: 'columns' | 'rows';
}

function columnsOf(header: readonly string[]): Columns | null {
	const rowWise = columnOf(header, ['celltype']) >= 0;
	const runs = columnOf(header, rowWise ? ['annotation', ...runColumns] : runColumns);
	const joinedAt = columnOf(header, joinedColumns);
	const image = joinedAt >= 0 ? joinedAt : columnOf(header, imageColumns);
	if (runs < 0 || image < 0) return null;
	return {
		image,
		runs,
		className: joinedAt >= 0 ? -1 : columnOf(header, classColumns),
		joined: joinedAt >= 0,
		order: rowWise ? 'rows' : 'columns',
	};
}

interface Row {
	readonly line: number;
	readonly className: string;
	readonly runs: string;
}

const isEmpty = (text: string): boolean => /^(?:|-1|nan|null|none)$/iu.test(text.trim());

/** Rows by the name of their image. */
function rowsByImage({ rows }: Table, columns: Columns): Map<string, Row[]> {
	const images = new Map<string, Row[]>();
	for (const { line, fields } of rows) {
		const key = fields[columns.image] ?? '';
		const cut = columns.joined ? key.lastIndexOf('_') : -1;
		const name = cut < 0 ? key : key.slice(0, cut);
		const given = cut < 0 ? (fields[columns.className] ?? '') : key.slice(cut + 1);
		const className = given === '' ? 'foreground' : /^\d+$/u.test(given) ? `class ${given}` : given;
		const list = images.get(name) ?? [];
		images.set(name, list);
		list.push({ line, className, runs: fields[columns.runs] ?? '' });
	}
	return images;
}

function objectOf(row: Row, order: Columns['order'], width: number, height: number): DrawnObject {
	const lengths = order === 'columns' ? decodePairs(row.runs, width, height) : decodePairs(row.runs, height, width);
	return single(row.className, { kind: 'runs', order, left: 0, top: 0, width, height, lengths }, `Line ${row.line}`);
}

export const kaggleRuns: Descriptor = {
	id: 'kaggle-runs',
	name: format,
	match: ({ path, start }) => /\.csv$/iu.test(path) && columnsOf(parseTable(start.split(/[\r\n]/u)[0] ?? '').header) !== null,
	async read(file, { pictures }) {
		const table = parseTable(file.text);
		const columns = columnsOf(table.header);
		if (columns === null) return null;
		const findings = new Findings();
		for (const [name, rows] of rowsByImage(table, columns)) {
			if (isBreathDue()) await breathe();
			const imagePath = findPicture(findings, pictures, name, file.path);
			if (imagePath === null) continue;
			const size = pictures.size(imagePath);
			let row = rows[0];
			try {
				const objects: DrawnObject[] = [];
				for (row of rows) if (size !== null && !isEmpty(row.runs)) objects.push(objectOf(row, columns.order, size.width, size.height));
				findings.draw(imagePath, objects, pictures, file.path);
			} catch (error) {
				if (!(error instanceof RunLengthError)) throw error;
				findings.problems.push(badEntry(imagePath, format, file.path, `Line ${row?.line ?? 1}`, error.message));
			}
		}
		return findings.description([]);
	},
};
