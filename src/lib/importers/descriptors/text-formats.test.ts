import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnOf, parseTable } from './csv.ts';
import { decodeText, textFile } from './text-file.ts';
import { readXml, XmlError } from './xml.ts';
import { lineNames, yamlNames } from './class-names.ts';

describe('texts', () => {
	test('UTF-8 and UTF-16 by their byte order marks; other bytes are refused', () => {
		expect(decodeText('a', Uint8Array.of(0xc3, 0xa9))).toBe('é');
		expect(decodeText('a', Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('A');
		expect(decodeText('a', Uint8Array.of(0xff, 0xfe, 0x41, 0))).toBe('A');
		expect(decodeText('a', Uint8Array.of(0xfe, 0xff, 0, 0x41))).toBe('A');
		expect(() => decodeText('a', Uint8Array.of(0xe9))).toThrow('description-unreadable');
	});

	test('broken JSON is refused in the engine’s words', () => {
		const broken = textFile('a.json', '{\n "x": 1,\n "y": }');
		expect(() => broken.json()).toThrow(/is no valid JSON \(.+\)/u);
	});
});

describe('tables', () => {
	test('fields in quotes hold separators, quotes and line breaks; lines are counted', () => {
		const table = parseTable('a,b\r\n"x, ""y""","1\n2"\n\n3,4');
		expect(table).toEqual({
			header: ['a', 'b'],
			rows: [
				{ line: 2, fields: ['x, "y"', '1\n2'] },
				{ line: 5, fields: ['3', '4'] },
			],
		});
	});

	test('semicolons and tabs are told from commas by the first line; empty last fields stay', () => {
		expect(parseTable('a;b;c,d\n1;').rows).toEqual([{ line: 2, fields: ['1', ''] }]);
		expect(parseTable('a\tb\n1\t2').rows).toEqual([{ line: 2, fields: ['1', '2'] }]);
	});

	test('columns are found whatever their case and separators', () => {
		expect(columnOf(['Image_ID', 'Pixel Value'], ['pixelvalue'])).toBe(1);
		expect(columnOf(['x'], ['y'])).toBe(-1);
	});

	test('property: rows of any fields in quotes come back', () => {
		const field = fc.string().map((text) => text.trim());
		fc.assert(
			fc.property(fc.array(fc.tuple(field, field), { minLength: 1 }), (rows) => {
				const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
				const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
				expect(parseTable(text).rows.map(({ fields }) => fields)).toEqual(rows.filter((row) => row.some((entry) => entry !== '')));
			}),
		);
	});
});

async function events(text: string): Promise<string[]> {
	const list: string[] = [];
	await readXml(text, {
		open: (name, attributes, line) => list.push(`${line} <${name}${[...attributes].map(([key, value]) => ` ${key}=${value}`).join('')}>`),
		close: (name, content) => list.push(`${content}</${name}>`),
	});
	return list;
}

describe('XML', () => {
	test('elements, attributes, entities, comments, CDATA', async () => {
		const text = `\ufeff<?xml version="1.0"?>\n<!DOCTYPE a>\n<!-- <b> -->\n<a x="1 &lt; 2" y='"'>\n<b/>t&amp;&#65;&#x42;<![CDATA[<c>]]></a>`;
		expect(await events(text)).toEqual(['4 <a x=1 < 2 y=">', '5 <b>', '</b>', '\nt&AB<c></a>']);
	});

	test.each([
		['<a>', 'ends before its element “a” does'],
		['<a></b>', 'closes “b” in line 1'],
		['<a x=1/>', 'where an attribute belongs'],
		['<a x="1', 'ends in the middle of a tag'],
		['<!-- a', 'ends in the middle of a tag'],
		['words', 'text outside'],
		['<a>&lol;</a>', 'no entity of plain XML'],
		['<!DOCTYPE a [<!ENTITY b "c">]><a/>', 'defines entities'],
		['<a>< b></a>', 'no element'],
	])('%s is refused', async (text, reason) => {
		await expect(events(text)).rejects.toThrow(reason);
	});

	test('property: any text is read or refused as XML, nothing else', async () => {
		const part = fc.constantFrom('<', '>', '/', 'a', '"', "'", '=', ' ', '&', ';', '!', '--', '[', ']', '?', '<a>', '</a>', '#x1');
		await fc.assert(
			fc.asyncProperty(
				fc.array(part).map((parts) => parts.join('')),
				async (text) => {
					try {
						await events(text);
					} catch (error) {
						expect(error).toBeInstanceOf(XmlError);
					}
				},
			),
			{ numRuns: 1000 },
		);
	});
});

describe('lists of names', () => {
	const expected = new Map([
		[0, 'cell'],
		[1, 'dead cell'],
	]);

	test.each([
		['inline', 'nc: 2\nnames: [\'cell\', "dead cell"]\n'],
		['inline, over lines', 'names: [cell, # living\n  dead cell]\ntrain: x'],
		['inline, by number', 'names: {0: cell, 1: dead cell}'],
		['dashes', 'names:\n- cell\n- dead cell\nnc: 2'],
		['indented, by number', 'path: ../x\nnames:\n  0: cell\n  1: "dead cell"  # a comment\n\nroboflow:\n  license: x'],
	])('%s', (_name, text) => {
		expect(yamlNames(text)).toEqual(expected);
	});

	test('lines of a text, and no names in other YAML', () => {
		expect(lineNames('cell\r\ndead cell\n')).toEqual(expected);
		expect(yamlNames('annotation:\n- type: weed')).toBeNull();
	});
});
