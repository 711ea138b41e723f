/** Where two predictions of one image differ. Pure; no colours yet. */
import { ignoredClass } from '#lib/core/sample.ts';

/**
 * What two runs say about a pixel. `apart`: both say foreground, of different classes. `ignored`: it counts nowhere.
 */
export const verdict = { neither: 0, firstOnly: 1, secondOnly: 2, both: 3, apart: 4, ignored: 5 } as const;

export interface DifferenceCounts {
	readonly neither: number;
	readonly firstOnly: number;
	readonly secondOnly: number;
	readonly both: number;
	readonly apart: number;
	/** All of the above; ignored pixels are left out. */
	readonly total: number;
}

/**
 * The verdict of each pixel. Without a focus class, any foreground class is a yes; with one, that class alone. `truth` says
 * only which pixels are ignored. All maps have one length.
 */
export function differenceOf(first: Uint8Array, second: Uint8Array, truth: Uint8Array | null, focusClass: number | null): Uint8Array {
	const verdicts = new Uint8Array(first.length);
	const saysYes = (index: number): boolean => (focusClass === null ? index !== 0 : index === focusClass);
	for (let at = 0; at < verdicts.length; at++) {
		const [a, b] = [first[at]!, second[at]!];
		if (truth?.[at] === ignoredClass) verdicts[at] = verdict.ignored;
		else if (saysYes(a) && saysYes(b)) verdicts[at] = a === b ? verdict.both : verdict.apart;
		else if (saysYes(a)) verdicts[at] = verdict.firstOnly;
		else if (saysYes(b)) verdicts[at] = verdict.secondOnly;
	}
	return verdicts;
}

/** Pixels of each verdict. */
export function differenceCounts(verdicts: Uint8Array): DifferenceCounts {
	const counts = new Uint32Array(6);
	for (const is of verdicts) counts[is]!++;
	const [neither = 0, firstOnly = 0, secondOnly = 0, both = 0, apart = 0] = counts;
	return { neither, firstOnly, secondOnly, both, apart, total: neither + firstOnly + secondOnly + both + apart };
}
