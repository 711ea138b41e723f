/** Reads a folder of golden files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoldenCase, RelationFile } from './types.ts';

/** Where the shared golden files lie. */
export const sharedGolden = join(process.env.OVERLAP_SHARED ?? '../shared', 'golden');

/** The parsed file, or undefined where there is none. */
export function readGolden(folder: string, name: string): unknown {
	const path = join(folder, name);
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Cases of `losses.json` or `upstream.json`; none where the file is missing. */
export function readCases(folder: string, name: 'losses.json' | 'upstream.json'): readonly GoldenCase[] {
	return (readGolden(folder, name) ?? []) as GoldenCase[];
}

export function readRelations(folder: string): RelationFile {
	return (readGolden(folder, 'relations.json') ?? { fixtures: {}, relations: [] }) as RelationFile;
}
