/** Lists of class names beside annotation files: `data.yaml`, `classes.txt`. */
import type { Surroundings } from './descriptor.ts';

function unquoted(text: string): string {
	const plain = text.trim();
	const quoted = /^(?:"(.*)"|'(.*)')$/u.exec(plain);
	return quoted ? (quoted[1] ?? quoted[2] ?? '') : plain;
}

/** Entries between commas that are not inside quotes. */
function inlineEntries(text: string): string[] {
	return (text.match(/(?:"[^"]*"|'[^']*'|[^,])+/gu) ?? []).map((entry) => entry.trim()).filter((entry) => entry !== '');
}

type Names = Map<number, string>;

function namesFrom(entries: readonly string[]): Names {
	const names: Names = new Map();
	entries.forEach((entry, index) => {
		const keyed = /^["']?(\d+)["']?\s*:\s*(.*)$/u.exec(entry);
		const name = unquoted(keyed ? (keyed[2] ?? '') : entry.replace(/^-\s*/u, ''));
		if (name !== '') names.set(keyed ? Number(keyed[1]) : index, name);
	});
	return names;
}

/** The list `names:` of a YAML file: `[a, b]`, `{0: a}`, lines `- a` or lines `0: a`. Null without one. */
export function yamlNames(text: string): Names | null {
	const plain = text.replace(/(^|\s)#[^\n]*/gu, '$1');
	const found = /^names[ \t]*:[ \t]*([^]*)/mu.exec(plain);
	const rest = found?.[1];
	if (rest === undefined) return null;
	const inline = /^\s*[[{]([^\]}]*)[\]}]/u.exec(rest);
	if (inline) return namesFrom(inlineEntries((inline[1] ?? '').replaceAll('\n', ' ')));
	const lines = rest.split(/\r?\n/u).slice(1);
	const end = lines.findIndex((line) => line.trim() !== '' && !/^(?:\s+\S|-\s)/u.test(line));
	return namesFrom((end < 0 ? lines : lines.slice(0, end)).map((line) => line.trim()).filter((line) => line !== ''));
}

/** One name per line. */
export function lineNames(text: string): Names {
	return new Map(
		text
			.split(/\r?\n/u)
			.map((line) => line.trim())
			.filter((line) => line !== '')
			.map((name, index) => [index, name]),
	);
}

const nameFile = /(?:^|\/)(?:[^/]*\.ya?ml|classes\.txt|obj\.names|labels\.txt)$/iu;

/** The list of names that lies nearest above a file, and its path. */
export async function nearestNames(path: string, { texts }: Surroundings): Promise<{ path: string; names: Names } | null> {
	for (const candidate of texts.above(path, nameFile)) {
		const { text } = await texts.read(candidate);
		const names = /\.ya?ml$/iu.test(candidate) ? yamlNames(text) : lineNames(text);
		if (names !== null && names.size > 0) return { path: candidate, names };
	}
	return null;
}
