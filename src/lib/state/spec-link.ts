/** An experiment's choices, without any data, as text that fits a link. */
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { experimentSpecSchema, type ExperimentSpec } from '#lib/core/experiment.ts';
import { fromLinkText, toLinkText } from './link-text.ts';

const key = 'experiment=';

/** What of a spec can be shared: parts set by hand belong to the data. */
export function sharedSpec(spec: ExperimentSpec): ExperimentSpec {
	return { ...spec, split: { ...spec.split, overrides: {} } };
}

/** The spec as a hash, `#experiment=…`, without parts set by hand. */
export function specToHash(spec: ExperimentSpec): string {
	return `#${key}${toLinkText(sharedSpec(spec))}`;
}

/** The spec in a hash; null when it holds none. Throws `spec-invalid` when it holds one that cannot be read. */
export function specFromHash(hash: string): ExperimentSpec | null {
	const text = hash.replace(/^#/u, '');
	if (!text.startsWith(key)) return null;
	try {
		return v.parse(experimentSpecSchema, fromLinkText(text.slice(key.length)));
	} catch (cause) {
		throw new AppError('spec-invalid', { source: 'the link' }, { cause });
	}
}
