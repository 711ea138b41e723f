/** Points over two values, for instance images over two scores. Pure. */
import type { RunStyle } from '../run-colours.ts';
import { csvText } from './series.ts';
import { areaOf, inkOf, inks, scaleOf, xAxis, yAxis, type Mark, type Scene, type SceneSize } from './scene.ts';

export interface ScatterPoint {
	/** Points of one image have the same. */
	readonly id: string;
	readonly name: string;
	readonly x: number;
	readonly y: number;
}

export interface ScatterSeries {
	readonly id: string;
	readonly name: string;
	readonly style: RunStyle;
	readonly points: readonly ScatterPoint[];
}

export interface ScatterAxes {
	readonly xName: string;
	readonly yName: string;
	readonly xRange: readonly [number, number];
	readonly yRange: readonly [number, number];
	/** Draws the line of equal values. */
	readonly diagonal: boolean;
}

/** @param marked the id of the points in a ring; '' for none */
export function scatterScene(
	series: readonly ScatterSeries[],
	{ xName, yName, xRange, yRange, diagonal }: ScatterAxes,
	marked: string,
	size: SceneSize,
): Scene {
	const area = areaOf(size);
	const x = scaleOf(xRange, area.left, area.right);
	const y = scaleOf(yRange, area.bottom, area.top);
	const [low, high] = [Math.max(xRange[0], yRange[0]), Math.min(xRange[1], yRange[1])];
	const equal: Mark = { kind: 'line', x1: x.at(low), y1: y.at(low), x2: x.at(high), y2: y.at(high), dash: '4 4', ink: inks.axis };
	const placed = series.flatMap(({ style, points }) =>
		points.map((point) => ({ id: point.id, style, x: x.at(point.x), y: y.at(point.y) })),
	);
	const dots = placed.map(({ style, ...at }): Mark => ({
		kind: 'dot',
		...at,
		marker: style.marker,
		radius: 4.5,
		opacity: 0.8,
		ink: inkOf(style),
	}));
	const rings = placed.filter(({ id }) => id === marked).map((at): Mark => ({ kind: 'ring', x: at.x, y: at.y, radius: 9, ink: inks.text }));
	return {
		marks: [...yAxis(y, area, yName), ...xAxis(x, area, xName), ...(diagonal ? [equal] : []), ...dots, ...rings],
		spots: placed,
		reach: 20,
	};
}

/** One row per point. */
export function scatterCsv(series: readonly ScatterSeries[], { xName, yName }: ScatterAxes): string {
	return csvText([
		['image', 'group', xName, yName],
		...series.flatMap(({ name, points }) => points.map((point) => [point.name, name, point.x, point.y])),
	]);
}
