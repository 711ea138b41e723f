/** How a golden case is expressed with the shelf: the words of a plan, and readers of a case's parameters. */
import type { ParamValue } from '#lib/core/params.ts';
import type { Activation } from './activation.ts';

export interface Plan {
	/** Id on the shelf. */
	readonly loss: string;
	readonly values: Readonly<Record<string, ParamValue>>;
	/** How `yPred` of the case becomes our probabilities. */
	readonly activation: Activation;
	/** `given`: yPred of the case are the logits. `inverse`: it holds probabilities, the logits are found from them. */
	readonly logits: 'given' | 'inverse';
	/** The case's value = our value · scale + offset; a sum is a mean times a count, a score is a loss less one. */
	readonly scale?: number;
	readonly offset?: number;
	/** `sample` and `class`: the case lists one value per image, or per image and channel. */
	readonly slices?: 'whole' | 'sample' | 'class';
	/** Which of the slices holds the expected value. */
	readonly pick?: number;
	/** Rows of values are laid out as single pixels of one channel instead of channels. */
	readonly rowsAsPixels?: boolean;
	/** Leaves the first channel out, which a sigmoid per channel allows. */
	readonly dropFirstChannel?: boolean;
	readonly targets?: readonly string[];
}

/** Why a golden key or case is not one of ours. */
export interface Skip {
	readonly skip: string;
}

/** The parameters of a case, as the golden files name them. */
export type Params = Readonly<Record<string, unknown>>;

export const number = (params: Params, key: string, otherwise: number): number =>
	typeof params[key] === 'number' ? params[key] : otherwise;
export const flag = (params: Params, key: string, otherwise: boolean): boolean =>
	typeof params[key] === 'boolean' ? params[key] : otherwise;
export const list = (params: Params, key: string): string => (Array.isArray(params[key]) ? params[key].flat(3).join(',') : '');

const activations: readonly Activation[] = ['sigmoid', 'softmax', 'tanh', 'logSoftmax', 'none'];
const activationOf = (params: Params): Activation => activations.find((name) => name === params.activation) ?? 'none';

/** Losses that look at yPred only: the case's activation gives it. */
export const fromProbabilities = (params: Params): Pick<Plan, 'activation' | 'logits' | 'slices'> => ({
	activation: activationOf(params),
	logits: 'given',
	slices: params.reduction === 'none' ? 'class' : 'whole',
});

/** Losses that look at logits: given as such, or found from probabilities. */
export function fromLogits(params: Params, channels: number): Pick<Plan, 'activation' | 'logits'> {
	if (params.predKind === 'probabilities') return { activation: 'none', logits: 'inverse' };
	return { activation: channels === 1 ? 'sigmoid' : 'softmax', logits: 'given' };
}

/** Ours smooths Tversky's form; Dice as 2TP/(Σp + Σg) has twice its constant. */
function smoothing(params: Params, share: number): Record<string, ParamValue> {
	const numerator = number(params, 'smoothNum', 0);
	const denominator = number(params, 'smoothDen', number(params, 'denClamp', 0) > 0 ? 0 : 1e-5);
	if (numerator !== 0 && numerator !== denominator) throw new RangeError('no loss smooths both ends differently');
	return { smoothing: denominator * share, smoothNumerator: numerator !== 0 || denominator === 0 };
}

export const regionValues = (params: Params, share: number): Record<string, ParamValue> => ({
	...smoothing(params, share),
	batchSums: flag(params, 'batchDice', false),
	includeBackground: flag(params, 'includeBackground', true),
});

export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A case's sum over entries or pixels, as a multiple of our mean. */
export const sumScale = (params: Params, count: number): Pick<Plan, 'scale'> => (params.reduction === 'sum' ? { scale: count } : {});

/** Plans the cases of one golden key. */
export type Planner = (params: Params, shape: readonly number[], id: string) => Plan | Skip;

export type Plans = Readonly<Record<string, Planner>>;

/** δ, γ and symmetry of the unified focal family. */
export const unifiedValues = (params: Params): Record<string, ParamValue> => ({
	delta: number(params, 'delta', 0.6),
	gamma: number(params, 'gamma', 0.5),
	symmetric: flag(params, 'symmetric', false),
});
