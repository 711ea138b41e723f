/** The two sides of a golden relation: A(x) = mul·fn(B(transform(x))) + add, or A(x) ≤ it. */
import { goldenRelations, shapeOf } from './golden-cases.ts';
import type { GoldenCase, Nested, Relation } from './golden-cases.ts';

type Image = readonly Nested[];
type Batch = readonly Image[];

const mapNumbers = (nested: Nested, change: (x: number) => number): Nested =>
	Array.isArray(nested) ? nested.map((inner: Nested) => mapNumbers(inner, change)) : change(Number(nested));

/** Combines two nested lists of one shape entry by entry. */
const combine = (a: Nested, b: Nested, join: (x: number, y: number) => number): Nested =>
	Array.isArray(a) && Array.isArray(b) ? a.map((inner: Nested, i) => combine(inner, b[i] as Nested, join)) : join(Number(a), Number(b));

/** Applies a change to each pixel's list of channels. */
const mapPixels = (nested: Nested, change: (pixel: readonly number[], index: number) => number[]): Nested => {
	let index = 0;
	const visit = (inner: Nested): Nested =>
		Array.isArray(inner) && !Array.isArray(inner[0]) ? change(inner as number[], index++) : (inner as readonly Nested[]).map(visit);
	return visit(nested);
};

const perImage = (nested: Nested, change: (image: Image) => Image): Nested => (nested as Batch).map(change);
const transpose = (image: Image): Image => (image[0] as Image).map((_, column) => image.map((row) => (row as Image)[column] as Nested));

interface Pair {
	readonly yTrue: Nested;
	readonly yPred: Nested;
}

const both = ({ yTrue, yPred }: Pair, change: (nested: Nested) => Nested): Pair => ({ yTrue: change(yTrue), yPred: change(yPred) });

const transforms: Readonly<Record<string, (pair: Pair) => Pair>> = {
	duplicateBatch: (pair) => both(pair, (x) => [...(x as Batch), ...(x as Batch)]),
	reverseBatch: (pair) => both(pair, (x) => [...(x as Batch)].reverse()),
	flipVertical: (pair) => both(pair, (x) => perImage(x, (image) => [...image].reverse())),
	flipHorizontal: (pair) => both(pair, (x) => perImage(x, (image) => image.map((row) => [...(row as Image)].reverse()))),
	transposeHW: (pair) => both(pair, (x) => perImage(x, transpose)),
	swapTrueAndPred: ({ yTrue, yPred }) => ({ yTrue: yPred, yPred: yTrue }),
	negateResidual: ({ yTrue, yPred }) => ({ yTrue, yPred: combine(yTrue, yPred, (y, x) => 2 * y - x) }),
	addConstantToLogits: ({ yTrue, yPred }) => ({
		yTrue,
		yPred: mapPixels(yPred, (pixel, index) => pixel.map((z) => z + ((index % 5) - 2))),
	}),
	rotateClasses: (pair) => both(pair, (x) => mapPixels(x, ([first = 0, ...rest]) => [...rest, first])),
	complement: ({ yTrue, yPred }) => ({ yTrue: mapNumbers(yTrue, (y) => 1 - y), yPred: mapNumbers(yPred, (z) => -z) }),
	shiftPlus2: ({ yTrue, yPred }) => ({ yTrue, yPred: mapNumbers(yPred, (z) => z + 2) }),
	toSigmoidProbabilities: ({ yTrue, yPred }) => ({ yTrue, yPred: mapNumbers(yPred, (z) => 1 / (1 + Math.exp(-z))) }),
};

/** One side of a relation as a case without an expected value; the transform belongs to side b. */
export function relationInput(relation: Relation, side: 'a' | 'b', input: string): GoldenCase {
	const fixture = goldenRelations.fixtures[input];
	if (fixture === undefined) throw new RangeError(`no fixture ${input}`);
	const transform = side === 'b' && relation.transform !== undefined ? transforms[relation.transform] : (pair: Pair) => pair;
	if (transform === undefined) throw new RangeError(`no transform ${relation.transform}`);
	const pair = transform(fixture);
	return { id: `${relation.id}/${input}`, ...relation[side], ...pair, shape: shapeOf(pair.yPred), expected: 0, tol: { rtol: 0, atol: 0 } };
}

/** What side a is compared with. */
export function relationResult(relation: Relation, b: number): number {
	const changed = relation.fn === 'diceToJaccard' ? 1 - (1 - b) / (2 - (1 - b)) : relation.fn === 'logcosh' ? Math.log(Math.cosh(b)) : b;
	return relation.mul * changed + relation.add;
}
