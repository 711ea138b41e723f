/** What became of the pixels of each class, as a square of cells. Pure. */
import { formatShare } from '../format.ts';
import { csvText } from './series.ts';
import { inks, type Mark, type Scene, type SceneSize } from './scene.ts';

/** Pixels by truth (row) and prediction (column) of all classes, background first. */
export type Matrix = readonly (readonly number[])[];

/** A row's shares of its sum; null where the truth has no such pixel. */
export function rowShares(row: readonly number[]): readonly (number | null)[] {
	const sum = row.reduce((total, pixels) => total + pixels, 0);
	return row.map((pixels) => (sum === 0 ? null : pixels / sum));
}

/** The cell that an id names: `row/column`. */
export const cellOf = (row: number, column: number): string => `${row}/${column}`;

/** Names have about this much room, pixels. */
const margin = { left: 96, top: 40 };

const shortened = (name: string, letters: number): string =>
	name.length <= letters ? name : `${name.slice(0, Math.max(1, letters - 1))}…`;

export function confusionScene(matrix: Matrix, names: readonly string[], { width, height }: SceneSize): Scene {
	const cell = Math.min((width - margin.left - 8) / matrix.length, (height - margin.top - 8) / matrix.length);
	const middle = (place: number, start: number): number => start + (place + 0.5) * cell;
	const letters = Math.floor(cell / 7);
	const spots = matrix.flatMap((row, r) => row.map((_, c) => ({ id: cellOf(r, c), x: middle(c, margin.left), y: middle(r, margin.top) })));
	const cells = matrix.flatMap((row, r) =>
		rowShares(row).flatMap((share, c): Mark[] => {
			const [x, y] = [margin.left + c * cell, margin.top + r * cell];
			return [
				{ kind: 'box', x, y, width: cell - 1, height: cell - 1, opacity: 0.06 + 0.44 * (share ?? 0), edged: false, ink: inks.accent },
				...(cell < 44
					? []
					: [
							{
								kind: 'label' as const,
								x: x + cell / 2,
								y: y + cell / 2 + 4,
								text: formatShare(share),
								anchor: 'middle' as const,
								ink: inks.text,
							},
						]),
			];
		}),
	);
	const labels = names.flatMap((name, place): Mark[] => [
		{ kind: 'label', x: margin.left - 8, y: middle(place, margin.top) + 4, text: shortened(name, 12), anchor: 'end', ink: inks.quiet },
		...(letters < 2
			? []
			: [
					{
						kind: 'label' as const,
						x: middle(place, margin.left),
						y: margin.top - 6,
						text: shortened(name, letters),
						anchor: 'middle' as const,
						ink: inks.quiet,
					},
				]),
	]);
	return {
		marks: [
			{ kind: 'label', x: margin.left - 8, y: 14, text: 'truth ↓', anchor: 'end', ink: inks.quiet },
			{ kind: 'label', x: margin.left, y: 14, text: 'predicted →', anchor: 'start', ink: inks.quiet },
			...cells,
			...labels,
		],
		spots,
		reach: cell / Math.SQRT2,
	};
}

/** Pixels, one row per class of the truth. */
export function confusionCsv(matrix: Matrix, names: readonly string[]): string {
	return csvText([['truth \\ predicted', ...names], ...matrix.map((row, place) => [names[place] ?? '', ...row])]);
}
