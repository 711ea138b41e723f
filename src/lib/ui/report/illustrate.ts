/** The pictures and charts of a report, drawn in the browser. */
import type { Raster } from '#lib/core/sample.ts';
import type { ChartSeries } from '../charts/series.ts';
import { chartSvg } from '../charts/svg.ts';
import { displayPicture } from '../overlay/display.ts';
import { drawOverlay, type OverlayStyle } from '../overlay/draw-overlay.ts';
import type { ClassMap, PredictionMap } from '../overlay/maps.ts';
import { pictureUrl } from '../overlay/picture-url.ts';
import { runStyle } from '../run-colours.ts';
import type { Report } from './report.ts';

/** Longer side of a pane, in pixels: a report of four losses and three images stays below a few megabytes. */
const side = 320;

export interface IllustratedImage {
	readonly name: string;
	readonly why: string;
	readonly image: Raster;
	readonly truth: ClassMap;
	readonly runs: readonly { readonly name: string; readonly score: number | null; readonly prediction: PredictionMap | null }[];
}

export function wallOf(images: readonly IllustratedImage[], style: OverlayStyle): Report['wall'] {
	return images.map(({ name, why, image: raster, truth, runs }) => {
		const image = displayPicture(raster);
		const paint = (layers: { truth: ClassMap | null; prediction: PredictionMap | null }, own: OverlayStyle): string =>
			pictureUrl(drawOverlay({ image, ...layers }, own), side);
		return {
			name,
			why,
			panes: [
				{ label: 'image', score: null, source: paint({ truth: null, prediction: null }, { ...style, mode: 'none' }) },
				{ label: 'truth', score: null, source: paint({ truth, prediction: null }, { ...style, mode: 'overlay' }) },
				...runs.map((run) => ({
					label: run.name,
					score: run.score,
					source: run.prediction && paint({ truth, prediction: run.prediction }, style),
				})),
			],
		};
	});
}

interface Line {
	readonly id: string;
	readonly name: string;
	readonly place: number;
	readonly x: readonly number[];
	readonly y: readonly (number | null)[];
	readonly spread?: readonly (number | null)[];
}

/** Curves of runs, in the colours that the runs have everywhere. */
const seriesOf = ({ place, ...line }: Line): ChartSeries => ({ ...line, style: runStyle(place) });

/** The validation curve; none where nothing was validated. */
export function diceChart(curves: readonly Line[], title: string): readonly string[] {
	if (curves.every(({ x }) => x.length === 0)) return [];
	const size = { width: 960, height: 360, logarithmic: false, smoothing: 0, yRange: [0, 1] } as const;
	return [chartSvg(curves.map(seriesOf), { title, xName: 'epoch', yName: 'Dice', ...size })];
}
