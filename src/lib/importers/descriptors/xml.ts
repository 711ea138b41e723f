/**
 * Reads the part of XML that annotation files use: elements, attributes, text, comments, CDATA. Entities other than the five
 * of XML and numbers are refused: nothing is ever expanded, so no file can grow while it is read.
 */

import { breathe, isBreathDue } from '../breathe.ts';

/** Why a text is no XML; `message` completes the sentence "The file …". */
export class XmlError extends Error {}

export interface XmlHandlers {
	/** `line` counts from 1. */
	open(name: string, attributes: ReadonlyMap<string, string>, line: number): void;
	/** `text` is everything between the tags of an element without inner elements. */
	close(name: string, text: string): void;
}

const entities = new Map([
	['lt', '<'],
	['gt', '>'],
	['amp', '&'],
	['quot', '"'],
	['apos', "'"],
]);

function decoded(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(/&(#x?)?([\p{L}\p{N}]*);?/gu, (whole, number: string | undefined, name: string) => {
		const code = number === undefined ? null : Number.parseInt(name, number === '#' ? 10 : 16);
		if (code !== null && code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code);
		const character = entities.get(name);
		if (number !== undefined || character === undefined) throw new XmlError(`holds “${whole}”, which is no entity of plain XML`);
		return character;
	});
}

function attributesOf(text: string): Map<string, string> {
	const attributes = new Map<string, string>();
	const rest = text.replace(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu, (_whole, name: string, double?: string, single?: string) => {
		attributes.set(name, decoded(double ?? single ?? ''));
		return '';
	});
	if (rest.trim() !== '') throw new XmlError(`holds “${rest.trim().slice(0, 40)}” where an attribute belongs`);
	return attributes;
}

/** What begins with `<` and is no element: [its start, its end]. */
const skipped: readonly (readonly [start: string, end: string])[] = [
	['<!--', '-->'],
	['<?', '?>'],
	['<!DOCTYPE', '>'],
];

function endOf(text: string, from: number, end: string): number {
	const at = text.indexOf(end, from);
	if (at < 0) throw new XmlError('ends in the middle of a tag');
	return at;
}

/** Where the tag that begins at `from` ends; a `>` inside quotes does not end it. */
function tagEnd(text: string, from: number): number {
	const end = /(?:[^>"']|"[^"]*"|'[^']*')*>/uy;
	end.lastIndex = from;
	const found = end.exec(text);
	if (!found) throw new XmlError('ends in the middle of a tag');
	return from + found[0].length - 1;
}

/** Tells the handlers of every element in order. Rejects with `XmlError`. */
export async function readXml(text: string, handlers: XmlHandlers): Promise<void> {
	const path: { name: string; text: string }[] = [];
	let [line, counted] = [1, 0];
	const lineAt = (offset: number): number => {
		for (; counted < offset; counted++) if (text.charCodeAt(counted) === 10) line++;
		return line;
	};
	const addText = (content: string): void => {
		const inner = path.at(-1);
		if (inner) inner.text += content;
		else if (content.trim() !== '') throw new XmlError('holds text outside of its elements');
	};
	for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length;) {
		if (isBreathDue()) await breathe();
		const tag = text.indexOf('<', at);
		if (tag !== at) addText(decoded(text.slice(at, tag < 0 ? undefined : tag)));
		if (tag < 0) break;
		const skip = skipped.find(([start]) => text.startsWith(start, tag));
		if (skip) {
			at = endOf(text, tag, skip[1]) + skip[1].length;
			if (skip[0] === '<!DOCTYPE' && text.slice(tag, at).includes('['))
				throw new XmlError('defines entities of its own, which are not read');
			continue;
		}
		if (text.startsWith('<![CDATA[', tag)) {
			const end = endOf(text, tag, ']]>');
			addText(text.slice(tag + 9, end));
			at = end + 3;
			continue;
		}
		const end = tagEnd(text, tag + 1);
		const content = text.slice(tag + 1, end);
		if (content.startsWith('/')) {
			const name = content.slice(1).trim();
			const opened = path.pop();
			if (opened?.name !== name) throw new XmlError(`closes “${name}” in line ${lineAt(tag)}, which is not open`);
			handlers.close(name, opened.text);
		} else {
			const closes = content.endsWith('/');
			const [, name = '', attributes = ''] = /^([^\s/]+)([^]*)$/u.exec(closes ? content.slice(0, -1) : content) ?? [];
			if (!/^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(name))
				throw new XmlError(`holds “<${content.slice(0, 40)}”, which is no element, in line ${lineAt(tag)}`);
			handlers.open(name, attributesOf(attributes), lineAt(tag));
			if (closes) handlers.close(name, '');
			else path.push({ name, text: '' });
		}
		at = end + 1;
	}
	const unclosed = path.at(-1);
	if (unclosed) throw new XmlError(`ends before its element “${unclosed.name}” does`);
}
