import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { experimentSpecSchema } from '#lib/core/experiment.ts';
import { constantWeight, type LossChoice } from '#lib/core/loss-choice.ts';
import { SpecEditor } from './spec-editor.svelte.ts';
import { sumTemplates } from './sum-templates.ts';

let editor: SpecEditor;

beforeEach(() => {
	editor = new SpecEditor();
	editor.losses = [];
});

const only = (): LossChoice => {
	const [choice] = editor.losses;
	if (!choice || editor.losses.length > 1) throw new Error(`${editor.losses.length} losses`);
	return choice;
};

const labels = (): string[] => editor.losses.map(({ label }) => label);

describe('the losses of an experiment', () => {
	it('begin with four and can run', () => {
		expect(new SpecEditor().losses.map(({ loss }) => loss)).toEqual(['crossEntropy', 'dice', 'focal', 'tversky']);
		expect(new SpecEditor().problems).toEqual([]);
	});

	it('have keys of their own, also where a loss is added twice', () => {
		editor.addLoss('focalTversky');
		editor.addLoss('focalTversky');
		expect(editor.losses.map(({ key }) => key)).toEqual(['focal-tversky', 'focal-tversky-2']);
	});

	it('are not joined by one that the shelf does not have', () => {
		editor.addLoss('nothing');
		expect(editor.losses).toEqual([]);
	});

	it('are called after what differs from the published parameters', () => {
		editor.addLoss('dice');
		editor.changeLoss('dice', { smoothing: 0.5 });
		expect(labels()).toEqual(['Dice smoothing .5']);
	});
});

describe('a name of the person’s own', () => {
	beforeEach(() => {
		editor.addLoss('dice');
		editor.rename('dice', '  Mine ');
	});

	it('stays when parameters change', () => {
		editor.changeLoss('dice', { smoothing: 0.5 });
		expect(labels()).toEqual(['Mine']);
	});

	it('gives way to the usual one when it is emptied', () => {
		expect(editor.rename('dice', ' ')).toBe('Dice');
		expect(labels()).toEqual(['Dice']);
	});

	it('is cut to what a spec takes', () => {
		editor.rename('dice', 'x'.repeat(80));
		expect(labels()).toEqual(['x'.repeat(60)]);
		expect(editor.problems).toEqual([]);
	});
});

describe('a weighted sum', () => {
	it.each(sumTemplates.map((template) => [template.name, template] as const))('%s can run as it comes', (_name, template) => {
		const key = editor.addSum(template);
		expect(key).toBe('weighted-sum');
		expect(v.safeParse(experimentSpecSchema, editor.spec).success).toBe(true);
		expect(editor.problems).toEqual([]);
	});

	it('is called after its terms and how they weigh', () => {
		for (const template of sumTemplates) editor.addSum(template);
		expect(labels()).toEqual(['Dice + CE', 'Dice ↘ + Boundary ↗', 'Dice + Focal', 'Dice + CE, learned']);
	});

	it('is called anew when its terms change', () => {
		const key = editor.addSum(sumTemplates[0]);
		const terms = only().terms ?? [];
		editor.setTerms(key, [
			{ ...terms[0]!, weight: constantWeight(0.5) },
			{ loss: 'lovaszSoftmax', values: {}, weight: constantWeight(1) },
		]);
		expect(labels()).toEqual(['.5·Dice + Lovász softmax']);
		editor.changeLoss(key, { weighting: 'uncertainty' });
		expect(labels()).toEqual(['Dice + Lovász softmax, learned']);
	});

	it('has its name cut where a spec could not take it', () => {
		const term = { loss: 'sensitivitySpecificity', values: {}, weight: constantWeight(1) };
		editor.addSum({ values: {}, terms: [term, term, term] });
		expect(only().label).toHaveLength(60);
		expect(only().label).toMatch(/…$/u);
	});

	it('that weighs nothing all the time cannot run', () => {
		editor.addSum({ values: {}, terms: [{ loss: 'dice', values: {}, weight: constantWeight(0) }] });
		expect(editor.problems).toEqual(['0·Dice: every weight is 0, so there is nothing to learn.']);
		editor.changeLoss(only().key, { weighting: 'uncertainty' });
		expect(editor.problems).toEqual([]);
	});
});
