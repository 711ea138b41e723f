import { describe, expect, it } from 'vitest';
import { runStyle } from '../run-colours.ts';
import { boxCsv, boxScene } from './box-plot.ts';
import { confusionCsv, confusionScene, rowShares } from './confusion-scene.ts';
import { duelSeries, imageBoxes, scoreOverSeries, type ScoredRun } from './image-series.ts';
import { scatterCsv, scatterScene } from './scatter.ts';
import { nearestSpot, sceneSvg, tenthsAround, type Mark } from './scene.ts';

const labels = (marks: readonly Mark[]): string[] => marks.flatMap((mark) => (mark.kind === 'label' ? [mark.text] : []));
const nameOf = (id: string): string => `${id}.png`;
const run = (id: string, place: number, scores: Readonly<Record<string, number | null>>): ScoredRun => ({
	id,
	name: id.toUpperCase(),
	place,
	scores: new Map(Object.entries(scores)),
});
const ce = run('ce', 0, { a: 0.5, b: 0.25, c: null, d: 0.75 });
const tversky = run('tversky', 1, { a: 0.75, b: 0, c: 1, d: 0.75 });

describe('tenths around values', () => {
	it('hold all of them and are never a single place', () => {
		expect(tenthsAround([0.42, 0.71])).toEqual([0.4, 0.8]);
		expect(tenthsAround([0.5])).toEqual([0.4, 0.6]);
		expect(tenthsAround([])).toEqual([0, 1]);
	});
});

describe('two runs on the same images', () => {
	it('part the images by who is higher, and leave out those without a score in one', () => {
		const series = duelSeries(ce, tversky, nameOf);
		expect(series.map(({ name, points }) => [name, points.map(({ id }) => id)])).toEqual([
			['CE higher', ['b']],
			['TVERSKY higher', ['a']],
			['equal', ['d']],
		]);
		expect(series[1]?.points).toEqual([{ id: 'a', name: 'a.png', x: 0.5, y: 0.75 }]);
	});

	it('have scores over a number of each image', () => {
		const [over] = scoreOverSeries(
			[ce],
			new Map([
				['a', 0.1],
				['b', null],
				['d', 0.3],
			]),
			nameOf,
		);
		expect(over?.points.map(({ id, x, y }) => [id, x, y])).toEqual([
			['a', 0.1, 0.5],
			['d', 0.3, 0.75],
		]);
	});
});

describe('a scatter', () => {
	// The plot spans x 52…252 and y 224…24.
	const size = { width: 264, height: 264 };
	const axes = { xName: 'CE', yName: 'Tversky', xRange: [0, 1], yRange: [0, 1], diagonal: true } as const;

	it('puts points at their places and can find them again', () => {
		const scene = scatterScene(duelSeries(ce, tversky, nameOf), axes, 'a', size);
		expect(scene.spots.find(({ id }) => id === 'a')).toMatchObject({ x: 152, y: 74 });
		expect(scene.marks.filter(({ kind }) => kind === 'ring')).toMatchObject([{ x: 152, y: 74 }]);
		expect(scene.marks.find((mark) => mark.kind === 'line' && mark.dash !== undefined)).toMatchObject({ x1: 52, y1: 224, x2: 252, y2: 24 });
		expect(nearestSpot(scene, 150, 80)?.id).toBe('a');
		expect(nearestSpot(scene, 60, 40)).toBeNull();
	});

	it('gives its values as CSV', () => {
		expect(scatterCsv(duelSeries(ce, tversky, nameOf), axes)).toBe(
			'image,group,CE,Tversky\r\nb.png,CE higher,0.25,0\r\na.png,TVERSKY higher,0.5,0.75\r\nd.png,equal,0.75,0.75\r\n',
		);
	});
});

describe('a box plot', () => {
	const axes = { yName: 'Dice', yRange: [0, 1] } as const;
	const size = { width: 264, height: 252 };

	it('draws the quartiles of three values and more, and a dash for none', () => {
		// CE: 0.25, 0.5, 0.75, quartiles 0.375 and 0.625. The plot spans y 224…24.
		const series = [...imageBoxes([ce], nameOf), { id: 'x', name: 'Stopped', style: runStyle(2), values: [] }];
		const { marks, spots } = boxScene(series, axes, '', size);
		expect(marks.filter(({ kind }) => kind === 'box')).toMatchObject([{ y: 224 - 125, height: 50 }]);
		expect(labels(marks)).toContain('–');
		expect(spots.map(({ id, y }) => [id, y])).toEqual([
			['a', 124],
			['b', 174],
			['d', 74],
		]);
	});

	it('draws no box of two values', () => {
		const { marks } = boxScene(imageBoxes([run('few', 0, { a: 0.1, b: 0.2 })], nameOf), axes, '', size);
		expect(marks.some(({ kind }) => kind === 'box')).toBe(false);
	});

	it('gives its values as CSV', () => {
		expect(boxCsv(imageBoxes([run('few', 0, { a: 0.1 })], nameOf), 'image', axes)).toBe('run,image,Dice\r\nFEW,a.png,0.1\r\n');
	});
});

describe('a confusion matrix', () => {
	const matrix = [
		[8, 2, 0],
		[1, 3, 0],
		[0, 0, 0],
	];

	it('shows shares of the rows, and a dash for a class that is nowhere', () => {
		expect(rowShares([8, 2, 0])).toEqual([0.8, 0.2, 0]);
		expect(rowShares([0, 0])).toEqual([null, null]);
		const { marks } = confusionScene(matrix, ['ground', 'cell', 'line'], { width: 400, height: 400 });
		expect(labels(marks).filter((text) => text.includes('%'))).toEqual(['80 %', '20 %', '0 %', '25 %', '75 %', '0 %']);
		expect(labels(marks).filter((text) => text === '–')).toHaveLength(3);
	});

	it('gives pixels as CSV', () => {
		expect(confusionCsv([[8, 2]], ['ground', 'cell'])).toBe('truth \\ predicted,ground,cell\r\nground,8,2\r\n');
	});
});

describe('a scene as a file', () => {
	it('is a whole document that no name can break out of', () => {
		const marks: readonly Mark[] = [{ kind: 'label', x: 1, y: 2, text: '<b>', anchor: 'start', ink: { page: 'red', file: '#ff0000' } }];
		const svg = sceneSvg(marks, { width: 100, height: 50 }, 'A & B');
		expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/u);
		expect(svg).toContain('<title>A &amp; B</title>');
		expect(svg).toContain('fill="#ff0000">&lt;b&gt;</text>');
	});
});
