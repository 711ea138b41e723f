/**
 * What mask values mean, in a file of its own: CVAT's and Datumaro's `labelmap.txt`, CamVid's `label_colors.txt`, `class_dict.csv`,
 * Roboflow's `_classes.csv`, `codes.txt`, `class_names.txt`, `label_classes.json`, `dataset_meta.json`, `id2label.json`.
 */
import * as v from 'valibot';
import { columnOf, parseRows, parseTable } from './csv.ts';
import type { Descriptor } from './descriptor.ts';
import { Findings } from './findings.ts';
import { asShape, type TextFile } from './text-file.ts';

/** One class of the masks. */
export interface LabelMapEntry {
	readonly name: string;
	/** The stored value, where the file gives one. */
	readonly value: number | null;
	/** 0xRRGGBB, where the file gives one. */
	readonly colour: number | null;
}

const byte = /^\s*(?:25[0-5]|2[0-4]\d|1?\d?\d)\s*$/u;

function colourOf(parts: readonly (string | undefined)[]): number | null {
	const [red, green, blue] = parts;
	if (![red, green, blue].every((part) => part !== undefined && byte.test(part))) return null;
	return (Number(red) << 16) | (Number(green) << 8) | Number(blue);
}

function hexColour(text: string | undefined): number | null {
	const digits = /^#?([0-9a-f]{6})(?:[0-9a-f]{2})?$/iu.exec(text?.trim() ?? '')?.[1];
	return digits === undefined ? null : Number.parseInt(digits, 16);
}

const lines = (text: string): string[] =>
	text
		.split(/\r?\n/u)
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.startsWith('#'));

/** All lines read, or null when one is something else. */
function allLines(text: string, read: (line: string, index: number) => LabelMapEntry | null): LabelMapEntry[] | null {
	const entries = lines(text).map(read);
	const good = entries.filter((entry) => entry !== null);
	return good.length > 0 && good.length === entries.length ? good : null;
}

/** `name:r,g,b:parts:actions`; the place in the list is the value in masks without colours. */
const cvatLines = (text: string): LabelMapEntry[] | null =>
	allLines(text, (line, index) => {
		const [name = '', colour = ''] = line.split(':');
		const parsed = colourOf(colour.split(','));
		return name === '' || parsed === null ? null : { name, value: index, colour: parsed };
	});

/** `r g b name` */
const camVidLines = (text: string): LabelMapEntry[] | null =>
	allLines(text, (line) => {
		const [, red, green, blue, name = ''] = /^(\d+)[\s,]+(\d+)[\s,]+(\d+)[\s,]+(\S.*)$/u.exec(line) ?? [];
		const colour = colourOf([red, green, blue]);
		return name === '' || colour === null ? null : { name, value: null, colour };
	});

const nameLists = /(?:^|\/)(?:codes|class_names|classes|labels|label_names|obj)\.(?:txt|names)$/iu;

/** A name per line; the line is the value. LabelMe's lists may begin with `__ignore__`, which has the value -1 there. */
function nameLines(text: string): LabelMapEntry[] | null {
	const names = lines(text);
	if (names.length === 0 || names.length > 256 || names.some((name) => name.length > 60)) return null;
	const skip = names[0] === '__ignore__' ? 1 : 0;
	return names.slice(skip).map((name, value) => ({ name, value, colour: null }));
}

const nameColumns = ['name', 'class', 'classname', 'label', 'category', 'classes'];
const valueColumns = ['pixelvalue', 'value', 'id', 'index', 'classid', 'pngindex', 'labelid', 'code'];
const colourColumns = ['color', 'colour', 'hex'];

function tableEntries(text: string): LabelMapEntry[] | null {
	const { header, rows } = parseTable(text);
	const name = columnOf(header, nameColumns);
	const value = columnOf(
		header,
		valueColumns.filter((column) => columnOf(header, [column]) !== name),
	);
	const channels = ['r', 'g', 'b'].map((short, index) => columnOf(header, [short, ['red', 'green', 'blue'][index] ?? '']));
	const hex = columnOf(header, colourColumns);
	const hasColour = channels.every((column) => column >= 0) || hex >= 0;
	if (name < 0 || (value < 0 && !hasColour)) return nameOnly(text);
	const entries = rows.map(({ fields }) => ({
		name: fields[name] ?? '',
		value: /^\d+$/u.test(fields[value] ?? '') ? Number(fields[value]) : null,
		colour: hex >= 0 ? hexColour(fields[hex]) : colourOf(channels.map((column) => fields[column])),
	}));
	return entries.every((entry) => entry.name !== '' && (entry.value !== null || entry.colour !== null)) ? entries : null;
}

/** `name,r,g,b` without a header. */
function nameOnly(text: string): LabelMapEntry[] | null {
	const entries = parseRows(text).map(({ fields: [name = '', ...colour] }) => ({ name, value: null, colour: colourOf(colour) }));
	return entries.length > 0 && entries.every((entry) => entry.name !== '' && entry.colour !== null) ? entries : null;
}

const rgb = v.tuple([v.number(), v.number(), v.number()]);
const hastySchema = v.array(v.object({ png_index: v.number(), class_name: v.string(), color: v.optional(v.string()) }));
const datumaroSchema = v.object({ label_map: v.record(v.string(), v.string()), segmentation_colors: v.optional(v.array(rgb)) });
const byNumberSchema = v.record(v.pipe(v.string(), v.regex(/^\d+$/u)), v.string());
const byNameSchema = v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)));
const jsonNames = /(?:^|\/)(?:labels?|classes|label_?map|id2label|label2id|dataset_meta|label_classes)\.json$/iu;

function jsonEntries(value: unknown): LabelMapEntry[] | null {
	const hasty = asShape(hastySchema, value);
	if (hasty) return hasty.map(({ png_index: index, class_name: name, color }) => ({ name, value: index, colour: hexColour(color) }));
	const datumaro = asShape(datumaroSchema, value);
	const byNumber = datumaro?.label_map ?? asShape(byNumberSchema, value);
	if (byNumber) {
		return Object.entries(byNumber).map(([key, name], index) => {
			const colour = datumaro?.segmentation_colors?.[index];
			return { name, value: Number(key), colour: colour ? colourOf(colour.map(String)) : null };
		});
	}
	const byName = asShape(byNameSchema, value);
	return byName ? Object.entries(byName).map(([name, number]) => ({ name, value: number, colour: null })) : null;
}

function entriesOf(file: TextFile): LabelMapEntry[] | null {
	const { path, text } = file;
	if (/\.json$/iu.test(path)) return jsonNames.test(path) ? jsonEntries(file.json()) : null;
	if (/\.csv$/iu.test(path)) return tableEntries(text);
	return cvatLines(text) ?? camVidLines(text) ?? (nameLists.test(path) ? nameLines(text) : null);
}

export const labelMap: Descriptor = {
	id: 'label-map',
	name: 'list of classes',
	match: ({ path }) => jsonNames.test(path) || /(?:label|class|code|colou?r|palette|names?)[^/]*\.(?:txt|csv|names)$/iu.test(path),
	async read(file) {
		const entries = entriesOf(file);
		if (entries === null || entries.length === 0) return null;
		return { ...new Findings().description([]), labelMap: entries };
	},
};
