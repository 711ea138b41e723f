/** Numbers that depend on where pixels lie, so that they follow from masks and from no counts. */
import { averageSurfaceDistance } from './average-surface-distance.ts';
import { boundaryIou } from './boundary-iou.ts';
import type { ConfusionCounts } from './confusion.ts';
import { dice } from './dice.ts';
import { hausdorff95 } from './hausdorff-95.ts';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { ratio } from './metric.ts';
import { matchObjects, type MatchRule, type ObjectCounts } from './object-match.ts';
import { surfaceDice } from './surface-dice.ts';
import { surfaceDistances, type Mask, type SurfaceDistances } from './surface.ts';

export interface MaskPair {
	readonly prediction: Mask;
	readonly truth: Mask;
	readonly counts: ConfusionCounts;
	readonly distances: SurfaceDistances;
	readonly objects: ObjectCounts;
}

export interface MaskMeasure {
	readonly id: string;
	readonly name: string;
	readonly definition: string;
	readonly emptyRule: string;
	readonly higherIsBetter: boolean;
	/** In pixels of the image, or a share. */
	readonly unit: 'px' | '';
	/** Null where it is not defined; Infinity where one mask is empty and no distance can be given. */
	compute(pair: MaskPair): number | null;
}

export interface MeasureChoice {
	/** For surface Dice, pixels. */
	readonly tolerance: number;
	readonly rule: MatchRule;
}

function countsOf(prediction: Mask, truth: Mask): ConfusionCounts {
	let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
	truth.data.forEach((real, at) => {
		const marked = prediction.data[at] !== 0;
		if (marked && real !== 0) truePositives++;
		else if (marked) falsePositives++;
		else if (real !== 0) falseNegatives++;
	});
	return {
		truePositives,
		falsePositives,
		falseNegatives,
		trueNegatives: truth.data.length - truePositives - falsePositives - falseNegatives,
	};
}

/** What the measures need, reckoned once. @throws RangeError when the masks differ in size */
export function maskPair(prediction: Mask, truth: Mask, { rule }: MeasureChoice): MaskPair {
	return {
		prediction,
		truth,
		counts: countsOf(prediction, truth),
		distances: surfaceDistances(prediction, truth),
		objects: matchObjects(prediction, truth, rule),
	};
}

/** Cheng et al. 2021: 2 % of the image diagonal, at least a pixel. */
const bandOf = ({ width, height }: Mask): number => Math.max(1, Math.round(0.02 * Math.hypot(width, height)));

const emptyShare = 'Not defined where truth and prediction are both empty; 0 where only one of them is.';

export function maskMeasures({ tolerance, rule }: MeasureChoice): readonly MaskMeasure[] {
	const partner = rule === 'half' ? 'a partner with an IoU of at least ½' : 'a partner that it shares a pixel with';
	return [
		{ ...dice, unit: '', compute: ({ counts }) => dice.compute(counts) },
		...[hausdorff95, averageSurfaceDistance, hausdorffDistance].map((metric): MaskMeasure => ({
			...metric,
			unit: 'px',
			compute: ({ distances }) => metric.compute(distances),
		})),
		{ ...surfaceDice(tolerance), unit: '', compute: ({ distances }) => surfaceDice(tolerance).compute(distances) },
		{
			id: 'boundaryIou',
			name: 'Boundary IoU',
			definition: 'IoU of the bands inside both contours, 2 % of the image diagonal wide',
			emptyRule: emptyShare,
			higherIsBetter: true,
			unit: '',
			compute: ({ prediction, truth }) => boundaryIou(prediction, truth, bandOf(truth)),
		},
		{
			id: 'objectRecall',
			name: 'Objects found',
			definition: `share of true objects with ${partner}`,
			emptyRule: 'Not defined where the truth has no object.',
			higherIsBetter: true,
			unit: '',
			compute: ({ objects }) => ratio(objects.found, objects.inTruth),
		},
		{
			id: 'objectPrecision',
			name: 'Objects right',
			definition: `share of predicted objects with ${partner}`,
			emptyRule: 'Not defined where no object is predicted.',
			higherIsBetter: true,
			unit: '',
			compute: ({ objects }) => ratio(objects.right, objects.predicted),
		},
	];
}
