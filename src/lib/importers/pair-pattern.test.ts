import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairByPattern, patternProblem } from './pair-pattern.ts';

const joined = (paths: readonly string[], mask: string, image = '{name}') =>
	Object.fromEntries(pairByPattern(paths, { image, mask }).pairs.map((pair) => [pair.imagePath, pair.maskPaths]));

describe('own patterns', () => {
	test.each([
		['a suffix', '{name}_gt.png', ['a.jpg', 'a_gt.png'], { 'a.jpg': ['a_gt.png'] }],
		['any extension', 'm-{name}', ['a.jpg', 'm-a.tif'], { 'a.jpg': ['m-a.tif'] }],
		['a folder', 'truth/{name}', ['x/a.jpg', 'truth/a.png', 'x/b.png'], { 'x/a.jpg': ['truth/a.png'] }],
		['anything in between', '{name}_*_gt', ['a.jpg', 'a_rater2_gt.png'], { 'a.jpg': ['a_rater2_gt.png'] }],
		['several masks', '{name}_part*', ['a.jpg', 'a_part1.png', 'a_part2.png'], { 'a.jpg': ['a_part1.png', 'a_part2.png'] }],
		['other case', '{NAME}_GT'.replace('NAME', 'name'), ['A.JPG', 'a_gt.PNG'], { 'A.JPG': ['a_gt.PNG'] }],
		['signs of expressions', '{name}(1)+.png', ['a.jpg', 'a(1)+.png'], { 'a.jpg': ['a(1)+.png'] }],
	])('%s', (_what, mask, paths, expected) => {
		expect(joined(paths, mask)).toEqual(expected);
	});

	test('images of one name in two folders: the one that lies nearer', () => {
		expect(joined(['1/a.jpg', '2/a.jpg', '2/a_gt.png'], '{name}_gt.png')).toEqual({ '2/a.jpg': ['2/a_gt.png'] });
		expect(joined(['1/a.jpg', '2/a.jpg', '3/a_gt.png'], '{name}_gt.png')).toEqual({});
	});

	test('a pattern for images keeps others out', () => {
		expect(joined(['a.jpg', 'a.tif', 'a_gt.png'], '{name}_gt.png', '{name}.tif')).toEqual({ 'a.tif': ['a_gt.png'] });
	});

	test('what is wrong with a pattern is said', () => {
		expect(patternProblem({ image: '{name}', mask: '{name}_gt' })).toBeNull();
		expect(patternProblem({ image: '{name}', mask: 'gt' })).toBe('The pattern for the mask needs “{name}” once.');
		expect(patternProblem({ image: '{name}{x}', mask: '{name}_gt' })).toBe('The pattern for the image has braces other than “{name}”.');
		expect(patternProblem({ image: '{name}', mask: '{name}' })).toBe('Both patterns are the same.');
	});

	test('property: every path ends in exactly one list, whatever the pattern', () => {
		const part = fc.constantFrom('a', 'b', '_gt', '{name}', '*', '/', '.png', '.jpg', '(', '[');
		const text = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
		fc.assert(
			fc.property(fc.uniqueArray(text, { maxLength: 8 }), text, text, (paths, image, mask) => {
				if (patternProblem({ image, mask }) !== null) return;
				const { pairs, unmatchedImages, unmatchedMasks } = pairByPattern(paths, { image, mask });
				const places = [
					...pairs.flatMap((pair) => [pair.imagePath, ...pair.maskPaths]),
					...[...unmatchedImages, ...unmatchedMasks].map(({ path }) => path),
				];
				expect(places.sort()).toEqual([...paths].sort());
			}),
		);
	});
});
