/** Tables as text: commas, semicolons or tabs, fields in quotes where needed (RFC 4180). */

/** Rows of fields; lines without any text are left out. */
export interface Table {
	readonly header: readonly string[];
	readonly rows: readonly { readonly line: number; readonly fields: readonly string[] }[];
}

const separators = [',', ';', '\t'] as const;

/** The separator that the first line uses most, outside of quotes. */
function separatorOf(text: string): string {
	const line = (/^[^\r\n]*/u.exec(text)?.[0] ?? '').replace(/"[^"]*"/gu, '');
	const count = (separator: string): number => line.split(separator).length;
	return [...separators].sort((a, b) => count(b) - count(a))[0] ?? ',';
}

/** All fields of all lines. A field that begins with a quote and does not end with one is taken as it stands. */
function* linesOf(text: string, separator: string): Generator<{ line: number; fields: string[] }> {
	const field = new RegExp(`(?:"((?:[^"]|"")*)" *|([^${separator}\\r\\n]*))(${separator}|\\r\\n|\\n|\\r|$)`, 'uy');
	let fields: string[] = [];
	let line = 1;
	let begun = 1;
	for (let at = 0; at < text.length; at = field.lastIndex) {
		field.lastIndex = at;
		const [, quoted, plain = '', end = ''] = field.exec(text) ?? [];
		fields.push(quoted?.replaceAll('""', '"') ?? plain.trim());
		line += (quoted?.split('\n').length ?? 1) - 1;
		if (end === separator && field.lastIndex < text.length) continue;
		if (end === separator) fields.push('');
		yield { line: begun, fields };
		fields = [];
		begun = ++line;
	}
}

/** Reads a table whose first line names its columns. */
export function parseTable(text: string): Table {
	const rows = [...linesOf(text, separatorOf(text))].filter(({ fields }) => fields.some((entry) => entry !== ''));
	const [first, ...rest] = rows;
	return { header: first?.fields ?? [], rows: rest };
}

/** Reads a table whose first line may be data already. */
export function parseRows(text: string): Table['rows'] {
	const { header, rows } = parseTable(text);
	return [{ line: 1, fields: header }, ...rows];
}

/** Place of the first column that is called one of `names`, whatever its case, spaces and underscores; -1 without one. */
export function columnOf(header: readonly string[], names: readonly string[]): number {
	const plain = header.map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
	for (const name of names) {
		const column = plain.indexOf(name);
		if (column >= 0) return column;
	}
	return -1;
}
