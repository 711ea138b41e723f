/** The two sides of a golden relation: A(x) = mul·fn(B(transform(x))) + add, or A(x) ≤ it. */
import { Unsupported } from './param-reader.ts';
import { shapeOf } from './types.ts';
import type { GoldenInput, Nested, Relation, RelationFile } from './types.ts';

type Image = readonly Nested[];

const asList = (nested: Nested): Image => {
	if (!Array.isArray(nested)) throw new Unsupported('a fixture without the axes that its transform needs');
	return nested;
};

const mapNumbers = (nested: Nested, change: (x: number) => number): Nested =>
	Array.isArray(nested) ? nested.map((inner: Nested) => mapNumbers(inner, change)) : change(Number(nested));

/** Combines two nested lists of one shape entry by entry. */
const combine = (a: Nested, b: Nested, join: (x: number, y: number) => number): Nested =>
	Array.isArray(a) && Array.isArray(b)
		? a.map((inner: Nested, i) => combine(inner, asList(b)[i] ?? null, join))
		: join(Number(a), Number(b));

/** Applies a change to each pixel's list of channels. */
const mapPixels = (nested: Nested, change: (pixel: readonly number[], index: number) => number[]): Nested => {
	let index = 0;
	const visit = (inner: Nested): Nested => {
		const list = asList(inner);
		return Array.isArray(list[0]) ? list.map(visit) : change(list.map(Number), index++);
	};
	return visit(nested);
};

const perImage = (nested: Nested, change: (image: Image) => Image): Nested => asList(nested).map((image) => change(asList(image)));
const transpose = (image: Image): Image => asList(image[0] ?? null).map((_, column) => image.map((row) => asList(row)[column] ?? null));

interface Pair {
	readonly yTrue: Nested;
	readonly yPred: Nested;
}

const both = ({ yTrue, yPred }: Pair, change: (nested: Nested) => Nested): Pair => ({ yTrue: change(yTrue), yPred: change(yPred) });

const transforms: Readonly<Record<string, (pair: Pair) => Pair>> = {
	duplicateBatch: (pair) => both(pair, (x) => [...asList(x), ...asList(x)]),
	reverseBatch: (pair) => both(pair, (x) => [...asList(x)].reverse()),
	flipVertical: (pair) => both(pair, (x) => perImage(x, (image) => [...image].reverse())),
	flipHorizontal: (pair) => both(pair, (x) => perImage(x, (image) => image.map((row) => [...asList(row)].reverse()))),
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

/** One side of a relation as a case; the transform belongs to side b. */
export function relationInput(relation: Relation, file: RelationFile, side: 'a' | 'b', input: string): GoldenInput {
	const fixture = file.fixtures[input];
	if (fixture === undefined) throw new Unsupported(`no fixture ${input}`);
	const transform = side === 'b' && relation.transform !== undefined ? transforms[relation.transform] : (pair: Pair) => pair;
	if (transform === undefined) throw new Unsupported(`the transform ${relation.transform} is not known here`);
	const pair = transform(fixture);
	return { id: `${relation.id}/${input}`, ...relation[side], ...pair, shape: shapeOf(pair.yPred) };
}

const functions: Readonly<Record<string, (b: number) => number>> = {
	diceToJaccard: (b) => 1 - (1 - b) / (2 - (1 - b)),
	logcosh: (b) => Math.log(Math.cosh(b)),
};

/** What side a is compared with. */
export function relationBound(relation: Relation, b: number): number {
	const change = relation.fn === undefined ? (x: number) => x : functions[relation.fn];
	if (change === undefined) throw new Unsupported(`the function ${relation.fn} is not known here`);
	return relation.mul * change(b) + relation.add;
}
