/** Lets the page draw and answer between pieces of work that take long together. */

/** Work without a break of this length is not felt. */
const longestMs = 40;

let lastBreath = 0;

/** True when the page has waited long enough. Cheap: to be asked in every round of a loop. */
export function isBreathDue(): boolean {
	return Date.now() - lastBreath > longestMs;
}

/** Resolves when the page had its turn. */
export async function breathe(): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve));
	lastBreath = Date.now();
}
