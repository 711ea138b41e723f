/** Paths of files as folders and archives give them, with `/` between the parts. */

/** The file's own name. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folders before it with the `/` at their end; '' where there is none. */
export const foldersOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** What to call each file: its name, or its path where another one has the same name. */
export function shortNames(files: readonly { readonly name: string; readonly path: string }[]): string[] {
	const counts = new Map<string, number>();
	for (const { name } of files) counts.set(name, (counts.get(name) ?? 0) + 1);
	return files.map(({ name, path }) => (counts.get(name) === 1 ? name : path));
}
