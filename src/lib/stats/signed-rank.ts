/** The Wilcoxon signed-rank test of paired differences (Wilcoxon, Biometrics Bulletin 1945). */

export interface SignedRankTest {
	/** Differences that are not 0; zeros are left out, as Wilcoxon did. */
	readonly n: number;
	/** Sum of the ranks of the positive differences. */
	readonly positiveRanks: number;
	/** Two-sided; 1 without a difference. */
	readonly pValue: number;
}

/** Above this many differences the normal approximation is used; it is then good to four digits. */
const exactUpTo = 200;

/** Ranks from 1 of ascending values; equal ones share the mean of their ranks. */
function midRanks(ascending: readonly number[]): number[] {
	const ranks: number[] = [];
	for (let from = 0; from < ascending.length;) {
		let to = from;
		while (to < ascending.length && ascending[to] === ascending[from]) to++;
		for (let i = from; i < to; i++) ranks.push((from + 1 + to) / 2);
		from = to;
	}
	return ranks;
}

/** P(sum ≤ `bound`) when every rank counts with probability ½, by counting sums of doubled (so whole) ranks. */
function exactTail(ranks: readonly number[], bound: number): number {
	const doubled = ranks.map((rank) => Math.round(2 * rank));
	const total = doubled.reduce((sum, rank) => sum + rank, 0);
	const shares = new Float64Array(total + 1);
	shares[0] = 1;
	let reached = 0;
	for (const rank of doubled) {
		reached += rank;
		for (let sum = reached; sum >= 0; sum--) shares[sum] = (shares[sum]! + (sum >= rank ? shares[sum - rank]! : 0)) / 2;
	}
	return shares.subarray(0, Math.round(2 * bound) + 1).reduce((sum, share) => sum + share, 0);
}

/** P(Z > z) for z ≥ 0 by the complementary error function (Numerical Recipes' Chebyshev fit, relative error 1.2e-7). */
function normalTail(z: number): number {
	const x = z / Math.SQRT2;
	const t = 1 / (1 + x / 2);
	const terms = [
		-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
	];
	return (t * Math.exp(-x * x + terms.reduceRight((sum, term) => sum * t + term, 0))) / 2;
}

/** Two-sided by the normal approximation, variance corrected for ties, without continuity correction. */
function approximateP(ranks: readonly number[], positiveRanks: number): number {
	const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
	const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
	return Math.min(1, 2 * normalTail(Math.abs(positiveRanks - mean) / Math.sqrt(variance)));
}

/** Are paired differences centred at 0? Exact, with ties as well, up to 200 differences; zeros are left out. */
export function signedRankTest(differences: readonly number[]): SignedRankTest {
	const sorted = differences.filter((difference) => difference !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
	const ranks = midRanks(sorted.map(Math.abs));
	const positiveRanks = ranks.reduce((sum, rank, i) => sum + (sorted[i]! > 0 ? rank : 0), 0);
	const n = sorted.length;
	if (n === 0) return { n, positiveRanks, pValue: 1 };
	const smaller = Math.min(positiveRanks, (n * (n + 1)) / 2 - positiveRanks);
	const pValue = n <= exactUpTo ? Math.min(1, 2 * exactTail(ranks, smaller)) : approximateP(ranks, positiveRanks);
	return { n, positiveRanks, pValue };
}

/** p values made fit for being looked at together, in the order given (Holm, Scandinavian Journal of Statistics 1979). */
export function holm(pValues: readonly number[]): number[] {
	const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
	const adjusted = new Array<number>(pValues.length).fill(1);
	let highest = 0;
	order.forEach((index, place) => {
		highest = Math.max(highest, Math.min(1, (pValues.length - place) * pValues[index]!));
		adjusted[index] = highest;
	});
	return adjusted;
}
