/** Means of a few runs and how far they can be trusted. */

export interface MeanInterval {
	readonly mean: number;
	/** Sample standard deviation, divisor n − 1; null for fewer than two values. */
	readonly sd: number | null;
	/** Half the width of the 95 % interval of the mean by Student's t; null for fewer than two values. */
	readonly margin: number | null;
	readonly n: number;
}

/** ln Γ(x) for x > 0, to about 1e-13 (Lanczos' series with g = 7 and nine terms). */
function logGamma(x: number): number {
	const terms = [
		0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
		-0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
	];
	const shifted = x - 1;
	const series = terms.reduce((sum, term, i) => (i === 0 ? term : sum + term / (shifted + i)), 0);
	const base = shifted + 7.5;
	return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (modified Lentz). */
function incompleteBeta(x: number, a: number, b: number): number {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
	const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
	const tiny = 1e-300;
	let c = 1;
	let d = 1 / Math.max(1 - ((a + b) * x) / (a + 1), tiny);
	let fraction = d;
	for (let m = 1; m <= 300; m++) {
		const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
		const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		for (const term of [even, odd]) {
			d = 1 / (1 + term * d || tiny);
			c = 1 + term / c || tiny;
			fraction *= c * d;
		}
		if (Math.abs(c * d - 1) < 1e-14) break;
	}
	return front * fraction;
}

/**
 * The t that a Student variable exceeds in absolute value with probability 1 − `confidence`.
 * @param degrees degrees of freedom, at least 1
 */
export function studentQuantile(confidence: number, degrees: number): number {
	/** P(|T| ≤ t) */
	const within = (t: number): number => 1 - incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
	let [low, high] = [0, 1];
	while (within(high) < confidence) high *= 2;
	for (let i = 0; i < 100; i++) {
		const middle = (low + high) / 2;
		if (within(middle) < confidence) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}

/** The mean of a sample with its standard deviation and 95 % interval. Throws a `RangeError` without a value. */
export function meanInterval(values: readonly number[]): MeanInterval {
	const n = values.length;
	if (n === 0) throw new RangeError('no value to take the mean of');
	const mean = values.reduce((sum, value) => sum + value, 0) / n;
	if (n === 1) return { mean, sd: null, margin: null, n };
	const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
	return { mean, sd, margin: (studentQuantile(0.95, n - 1) * sd) / Math.sqrt(n), n };
}

/** What the band around a mean says: the spread of single runs, or how far the mean itself can be trusted. */
export type Band = 'deviation' | 'standard-error' | 'interval';

/** Half the height of a band; null for one value, of which nothing can be said. */
export function bandOf({ sd, margin, n }: MeanInterval, band: Band): number | null {
	if (band === 'interval') return margin;
	return sd !== null && band === 'standard-error' ? sd / Math.sqrt(n) : sd;
}
