import axe from 'axe-core';
import { createRawSnippet } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import LineChart from './charts/LineChart.svelte';
import ClassesEditor from './ClassesEditor.svelte';
import Dialog from './Dialog.svelte';
import Dropzone from './Dropzone.svelte';
import NumberField from './fields/NumberField.svelte';
import ParamForm from './fields/ParamForm.svelte';
import Notice from './Notice.svelte';
import CompareWall from './overlay/CompareWall.svelte';
import Loupe from './overlay/Loupe.svelte';
import OverlayToolbar from './overlay/OverlayToolbar.svelte';
import RowsWall from './overlay/RowsWall.svelte';
import TwoRuns from './overlay/TwoRuns.svelte';
import { Viewport } from './overlay/viewport.svelte.ts';
import PairingTable from './PairingTable.svelte';
import PatternEditor from './PatternEditor.svelte';
import PolarityQuestion from './PolarityQuestion.svelte';
import ReadingPicker from './ReadingPicker.svelte';
import ProgressBar from './ProgressBar.svelte';
import { render } from './testing.ts';
import { runStyle } from './run-colours.ts';
import SampleCard from './SampleCard.svelte';
import ScoreTable from './ScoreTable.svelte';
import ShortcutsDialog from './ShortcutsDialog.svelte';
import SplitEditor from './SplitEditor.svelte';
import Steps from './Steps.svelte';

const nothing = vi.fn();
const words = createRawSnippet(() => ({ render: () => '<p>Some words.</p>' }));
const picture = { width: 8, height: 8, data: new Uint8ClampedArray(256).fill(200) };
const map = { width: 8, height: 8, data: new Uint8Array(64).fill(1) };
const raster = { width: 8, height: 8, channels: 1, maxValue: 255, data: new Uint8Array(64).fill(200) };
const wallRun = (id: string, place: number) =>
	({ id, name: id, style: runStyle(place), prediction: { ...map, kind: 'binary', data: new Uint8Array(64).fill(200) }, score: 0.9, flag: '' }) as const; // prettier-ignore
const overlay = { mode: 'errors', opacity: 0.45, thresholdLevel: 128, focusClass: null } as const;

/** A viewport whose loupe lies on a pixel. */
function onPixel(): Viewport {
	const viewport = new Viewport();
	viewport.grid = { width: 8, height: 8 };
	viewport.stepPixel(0, 0, 'a');
	return viewport;
}

/** Every component in a state that shows all its parts. */
const scenes: Record<string, () => HTMLElement> = {
	NumberField: () =>
		render(NumberField, { label: 'α', value: 0.7, default: 0.5, min: 0, max: 1, step: 0.1, unit: 'px', help: 'Help.', onchange: nothing }),
	ParamForm: () =>
		render(ParamForm, {
			params: {
				on: { kind: 'boolean', label: 'On', help: 'Help.', default: true },
				which: { kind: 'choice', label: 'Which', help: 'Help.', options: [{ value: 'a', label: 'A' }], default: 'a' },
				weights: { kind: 'numbers', label: 'Weights', help: 'Help.', min: 0, max: 9, default: '' },
			},
			values: {},
			onchange: nothing,
		}),
	CompareWall: () =>
		render(CompareWall, {
			image: picture,
			imageName: 'a.png',
			truth: map,
			runs: [
				{ id: 'a', name: 'Dice', style: runStyle(0), prediction: { ...map, kind: 'classes' }, score: 0.91, flag: '' },
				{ id: 'b', name: 'CE', style: runStyle(1), prediction: null, score: null, flag: 'predicts no foreground' },
			],
			style: overlay,
			viewport: new Viewport(),
			onpick: nothing,
			picked: 'a',
		}),
	'TwoRuns, swipe': () => render(TwoRuns, { view: 'swipe', image: picture, imageName: 'a.png', truth: map, pair: [wallRun('Dice', 0), wallRun('CE', 1)], style: overlay, viewport: new Viewport() }), // prettier-ignore
	'TwoRuns, blink': () => render(TwoRuns, { view: 'blink', image: picture, imageName: 'a.png', truth: map, pair: [wallRun('Dice', 0), wallRun('CE', 1)], style: overlay, viewport: new Viewport() }), // prettier-ignore
	'TwoRuns, difference': () => render(TwoRuns, { view: 'difference', image: picture, imageName: 'a.png', truth: map, pair: [wallRun('Dice', 0), wallRun('CE', 1)], style: overlay, viewport: new Viewport() }), // prettier-ignore
	Loupe: () => render(Loupe, { image: picture, truth: map, runs: [wallRun('Dice', 0), { ...wallRun('CE', 1), prediction: null }], style: overlay, viewport: onPixel(), classNames: ['background', 'cell'] }), // prettier-ignore
	RowsWall: () =>
		render(RowsWall, {
			rows: [{ id: 'a', name: 'a.png' }],
			columns: [wallRun('Dice', 0), wallRun('CE', 1)],
			runsOf: () => [wallRun('Dice', 0), { ...wallRun('CE', 1), prediction: null, score: null, placeholder: '– stopped after epoch 2' }],
			sampleOf: () => ({ image: raster, truth: map }),
			style: overlay,
			onopen: nothing,
		}),
	OverlayToolbar: () =>
		render(OverlayToolbar, { mode: 'errors', opacity: 0.45, thresholdLevel: 128, hidden: false, onmode: nothing, onopacity: nothing, onthreshold: nothing, onhidden: nothing }), // prettier-ignore
	LineChart: () =>
		render(LineChart, { title: 'Dice', xName: 'epoch', canLog: true, canSmooth: true, series: [{ id: 'a', name: 'Dice', style: runStyle(0), x: [1, 2], y: [0.1, 0.9] }] }), // prettier-ignore
	ScoreTable: () =>
		render(ScoreTable, {
			rows: [
				{ id: 'a', name: 'Dice', style: runStyle(0), values: { dice: 0.9 }, epoch: 3, flag: '' },
				{ id: 'b', name: 'CE', style: runStyle(1), values: { dice: null }, epoch: null, flag: 'not finite' },
			],
			columns: [{ id: 'dice', label: 'Dice', title: 'Overlap.', better: 'higher' }],
			view: { part: 'validation', which: 'best', pooling: 'per-image', classIndex: null },
			classNames: ['background', 'a', 'b'],
			hasTest: false,
			note: 'N = 1.',
			picked: 'a',
			onview: nothing,
			onpick: nothing,
		}),
	ProgressBar: () => render(ProgressBar, { label: 'epoch 1 of 20', value: 1, max: 20, imagesPerSecond: 20, remainingMs: 9000 }),
	Dropzone: () => render(Dropzone, { ondrop: nothing, onfiles: nothing, disabledReason: 'Training is going on.' }),
	SampleCard: () => render(SampleCard, { name: 'Cells', summary: 'Touching nuclei.', picture, onclick: nothing, selected: true }, 240),
	Notice: () => render(Notice, { severity: 'error', title: 'Title', detail: 'Why.', next: 'Next.', actions: [{ label: 'Do', primary: true, onclick: nothing }], ondismiss: nothing }), // prettier-ignore
	Steps: () =>
		render(Steps, {
			steps: [
				{ id: 'data', label: 'Data', status: 'done', summary: '48 pairs' },
				{ id: 'model', label: 'Model', status: 'problem', summary: 'Small' },
			],
			open: 'model',
			ontoggle: nothing,
			panel: words,
		}),
	PairingTable: () =>
		render(PairingTable, {
			thumbnails: new Map([['a', { image: picture, mask: picture, overlay: picture }]]),
			rows: [
				{
					id: 'a',
					imageName: 'a.png',
					maskName: 'a_mask.png',
					rule: 'same name',
					confidence: 'sure',
					foreground: 0.2,
					canSwap: true,
					warnings: [],
					problem: '',
					excluded: true,
				},
				{
					id: 'b',
					imageName: 'b.png',
					maskName: 'b_mask.png',
					rule: 'same name',
					confidence: 'unsure',
					foreground: null,
					canSwap: false,
					warnings: ['empty'],
					problem: 'Sizes differ',
					excluded: false,
				},
			],
			unmatchedImages: [{ id: 'c', name: 'c.png', guess: { id: 'd', name: 'd.png' } }],
			unmatchedMasks: [{ id: 'd', name: 'd.png' }],
			onswap: nothing,
			onunpair: nothing,
			onexclude: nothing,
			onpair: nothing,
		}),
	PatternEditor: () => render(PatternEditor, { pattern: { image: '{name}', mask: '{name}_gt' }, example: 'a_gt.png', problemOf: () => 'Both patterns are the same.', onchange: nothing }), // prettier-ignore
	PolarityQuestion: () => render(PolarityQuestion, { sides: [{ id: 'a', share: 0.7, picture }, { id: 'b', share: 0.3, picture: null }], chosen: 'a', onchange: nothing }), // prettier-ignore
	ReadingPicker: () => render(ReadingPicker, { readings: [{ id: 'a', label: 'Each value is a class' }, { id: 'b', label: 'One class' }], chosen: 'a', onchange: nothing }), // prettier-ignore
	ClassesEditor: () => render(ClassesEditor, { scheme: { kind: 'values', classes: [{ name: 'background', values: [0] }, { name: 'cell', colour: '#ff0000', values: [1] }, { name: 'debris', values: [2] }], ignore: [255] }, valueShares: [[0, 0.8], [1, 0.1], [255, 0.1]], onchange: nothing }), // prettier-ignore
	SplitEditor: () => render(SplitEditor, { rows: [{ id: 'a', name: 'a.png', part: 'train', fold: null, foregroundShare: 0.2, moved: true }], hasFolds: false, onmove: nothing, onreset: nothing }), // prettier-ignore
	Dialog: () => render(Dialog, { open: true, title: 'Title', onclose: nothing, children: words }),
	ShortcutsDialog: () => render(ShortcutsDialog, { open: true, groups: [{ title: 'Images', shortcuts: [{ keys: ['←', '→'], does: 'turn' }] }], onclose: nothing }), // prettier-ignore
};

describe.each(['light', 'dark'])('in the %s scheme', (scheme) => {
	afterEach(() => delete document.documentElement.dataset.theme);

	it.each(Object.entries(scenes))('%s has no serious fault', async (_name, show) => {
		document.documentElement.dataset.theme = scheme;
		document.documentElement.lang = 'en';
		const root = show();
		const report = await axe.run(root, { rules: { region: { enabled: false } } });
		const faults = report.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
		expect(faults.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
	});
});
