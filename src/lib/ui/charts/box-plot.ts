/** Boxes side by side, each with its values as points. Pure. */
import { boxOf, type Box } from '#lib/stats/box.ts';
import type { RunStyle } from '../run-colours.ts';
import { csvText } from './series.ts';
import { areaOf, inkOf, inks, scaleOf, yAxis, type Area, type Mark, type Scale, type Scene, type SceneSize, type Spot } from './scene.ts';

export interface BoxSeries {
	readonly id: string;
	readonly name: string;
	readonly style: RunStyle;
	/** `id` is that of the image, the seed or the run. */
	readonly values: readonly { readonly id: string; readonly name: string; readonly value: number }[];
}

export interface BoxAxes {
	readonly yName: string;
	readonly yRange: readonly [number, number];
}

/** Box, median and whiskers around a middle line. */
function boxMarks(
	{ low, firstQuartile, median, thirdQuartile, high }: Box,
	style: RunStyle,
	middle: number,
	half: number,
	{ at }: Scale,
): Mark[] {
	const ink = inkOf(style);
	const [left, right] = [middle - half, middle + half];
	const across = (value: number, reach: number, width: number): Mark => ({
		kind: 'line',
		x1: middle - reach,
		y1: at(value),
		x2: middle + reach,
		y2: at(value),
		width,
		ink,
	});
	return [
		{
			kind: 'box',
			x: left,
			y: at(thirdQuartile),
			width: right - left,
			height: at(firstQuartile) - at(thirdQuartile),
			opacity: 0.16,
			edged: true,
			ink,
		},
		{ kind: 'line', x1: middle, y1: at(thirdQuartile), x2: middle, y2: at(high), ink },
		{ kind: 'line', x1: middle, y1: at(firstQuartile), x2: middle, y2: at(low), ink },
		across(high, half / 2, 1),
		across(low, half / 2, 1),
		across(median, half, 2.5),
	];
}

/** A name that has room for about so many letters. */
const shortened = (name: string, room: number): string => (name.length <= room ? name : `${name.slice(0, Math.max(1, room - 1))}…`);

/** Places of points beside each other, so that equal values can be told apart: five columns in turn. */
const besides = [0, -1, 1, -2, 2];

/** @param marked the id of the points in a ring; '' for none */
export function boxScene(series: readonly BoxSeries[], { yName, yRange }: BoxAxes, marked: string, size: SceneSize): Scene {
	const area: Area = { ...areaOf(size), bottom: size.height - 28 };
	const y = scaleOf(yRange, area.bottom, area.top);
	const slot = (area.right - area.left) / Math.max(1, series.length);
	const half = Math.min(36, slot * 0.3);
	const spots: Spot[] = [];
	const marks = series.flatMap(({ name, style, values }, place): Mark[] => {
		const middle = area.left + (place + 0.5) * slot;
		const box = boxOf(values.map(({ value }) => value));
		const ink = inkOf(style);
		const placed = values.map(({ id, value }, turn) => ({
			id,
			x: middle + ((besides[turn % besides.length] ?? 0) * half) / 4,
			y: y.at(value),
		}));
		spots.push(...placed);
		return [
			{ kind: 'label', x: middle, y: area.bottom + 18, text: shortened(name, slot / 7), anchor: 'middle', ink: inks.quiet },
			// Of one or two values a box would say more than is known.
			...(box && box.n > 2 ? boxMarks(box, style, middle, half, y) : []),
			...(box
				? []
				: [{ kind: 'label' as const, x: middle, y: (area.top + area.bottom) / 2, text: '–', anchor: 'middle' as const, ink: inks.quiet }]),
			...placed.map((at): Mark => ({ kind: 'dot', ...at, marker: style.marker, radius: 3, opacity: 0.7, ink })),
			...placed.filter(({ id }) => id === marked).map((at): Mark => ({ kind: 'ring', x: at.x, y: at.y, radius: 7, ink: inks.text })),
		];
	});
	return {
		marks: [
			...yAxis(y, area, yName),
			{ kind: 'line', x1: area.left, y1: area.bottom, x2: area.right, y2: area.bottom, ink: inks.axis },
			...marks,
		],
		spots,
		reach: 14,
	};
}

/** One row per value. */
export function boxCsv(series: readonly BoxSeries[], of: string, { yName }: BoxAxes): string {
	return csvText([['run', of, yName], ...series.flatMap(({ name, values }) => values.map((entry) => [name, entry.name, entry.value]))]);
}
