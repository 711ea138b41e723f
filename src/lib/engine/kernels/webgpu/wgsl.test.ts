import { expect, it } from 'vitest';
import { tree } from './wgsl.ts';

it.each([
	[1, '0u'],
	[2, '1u'],
	[64, '32u'],
])('a tree over %d invocations begins with a whole half', (invocations, half) => {
	expect(tree(invocations, (to, from) => `${to} += ${from};`)).toContain(`var half = ${half};`);
});
