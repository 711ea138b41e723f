/** An experiment's choices, without any data, as text that fits a link. */
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { experimentSpecSchema, type ExperimentSpec } from '#lib/core/experiment.ts';

const key = 'experiment=';
/** Longest link that is read, characters: twelve sums of six losses with all parameters take less than half of it. */
const longest = 100_000;

/** The spec as a hash, `#experiment=…`. Parts set by hand belong to the data and are left out. */
export function specToHash(spec: ExperimentSpec): string {
	const shared = { ...spec, split: { ...spec.split, overrides: {} } };
	const bytes = new TextEncoder().encode(JSON.stringify(shared));
	const base64 = btoa(String.fromCharCode(...bytes));
	return `#${key}${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '')}`;
}

/** The spec in a hash; null when it holds none. Throws `spec-invalid` when it holds one that cannot be read. */
export function specFromHash(hash: string): ExperimentSpec | null {
	const text = hash.replace(/^#/u, '');
	if (!text.startsWith(key)) return null;
	try {
		if (text.length > longest) throw new RangeError('too long');
		const base64 = text.slice(key.length).replaceAll('-', '+').replaceAll('_', '/');
		const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
		return v.parse(experimentSpecSchema, JSON.parse(new TextDecoder().decode(bytes)));
	} catch (cause) {
		throw new AppError('spec-invalid', { source: 'the link' }, { cause });
	}
}
