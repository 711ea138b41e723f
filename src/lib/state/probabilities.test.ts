import { expect, it } from 'vitest';
import type { ImageEvidence } from '#lib/core/run.ts';
import { probabilitiesOf } from './probabilities.ts';

function image(background: Readonly<Record<number, number>>, foreground: Readonly<Record<number, number>>): ImageEvidence {
	const histogram = new Uint32Array(512);
	for (const [level, pixels] of Object.entries(background)) histogram[Number(level)] = pixels;
	for (const [level, pixels] of Object.entries(foreground)) histogram[256 + Number(level)] = pixels;
	return { kind: 'binary', sampleId: 'a', histogram };
}

// On validation the threshold 101 parts both classes; on test it misses 2 of 4 true pixels: Dice 2·2 / (2·2 + 0 + 2) = ⅔.
const validation = [image({ 100: 10 }, { 150: 5 })];
const test = [image({ 100: 1 }, { 150: 2, 50: 2 })];

it('chooses the threshold on validation images and only applies it to test images', () => {
	const found = probabilitiesOf({ shown: test, validation, test, perImage: false });
	expect(found?.chosen).toEqual({ level: 101, validation: 1, test: 2 / 3 });
	// The test images alone would have chosen 50: 2·4 / (2·4 + 1) = 8/9.
	expect(found?.sweep.best?.level).not.toBe(101);
});

it('has no test score without a test part, and no choice without validation', () => {
	expect(probabilitiesOf({ shown: validation, validation, test: [], perImage: true })?.chosen).toEqual({
		level: 101,
		validation: 1,
		test: null,
	});
	expect(probabilitiesOf({ shown: test, validation: [], test, perImage: false })?.chosen).toBeNull();
});

it('says nothing of more than two classes or before anything was scored', () => {
	const classes: ImageEvidence = { kind: 'classes', sampleId: 'a', classes: 3, confusion: new Uint32Array(9) };
	expect(probabilitiesOf({ shown: [classes], validation: [classes], test: [], perImage: false })).toBeNull();
	expect(probabilitiesOf({ shown: [], validation: [], test: [], perImage: false })).toBeNull();
});
