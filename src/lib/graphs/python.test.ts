import { describe, expect, it } from 'vitest';
import { operations } from './ops.ts';
import { pythonName, pythonOf } from './python.ts';
import { codeOf } from './testing.ts';
import { traceLoss } from './trace.ts';

const graphOf = (code: string) => traceLoss(codeOf(code), { shape: [2, 4, 4, 1], values: {}, builtIns: {} }).graph;
const dice = graphOf(`(yTrue, yPred) => {
	const overlap = tf.sum(tf.mul(yTrue, yPred), [1, 2, 3]);
	const dice = overlap.mul(2).add(1).div(tf.sum(yTrue, [1, 2, 3]).add(tf.sum(yPred, [1, 2, 3])).add(1));
	return tf.sub(1, tf.mean(dice));
}`);

describe('a recorded loss as Python', () => {
	it('is Dice with Keras', () => {
		expect(pythonOf(dice, 'keras', { name: 'My Dice', about: 'Dice, image by image.' }).code).toBe(`def my_dice(y_true, y_pred):
    """Dice, image by image."""
    t1 = (ops.sum(y_true * y_pred, axis=(1, 2, 3)) * 2 + 1) / (ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(y_pred, axis=(1, 2, 3)) + 1)
    return 1 - ops.mean(t1)
`);
	});

	it('is Dice with PyTorch', () => {
		expect(pythonOf(dice, 'torch', { name: 'My Dice', about: 'Dice, image by image.' }).code).toBe(`def my_dice(y_true, y_pred):
    """Dice, image by image."""
    t1 = (torch.sum(y_true * y_pred, dim=(1, 2, 3)) * 2 + 1) / (torch.sum(y_true, dim=(1, 2, 3)) + torch.sum(y_pred, dim=(1, 2, 3)) + 1)
    return 1 - torch.mean(t1)
`);
	});

	it('asks for logits, learned weights, progress and the pixels that count', () => {
		const { graph } = traceLoss(
			codeOf(`class A extends Loss {
				constructor() { super(); this.s = this.addWeight({ name: 's', initial: 0.5 }); }
				call(yTrue, yPred, { logits, progress }) { return logits.mul(this.s).mul(progress); }
			}`),
			{ shape: [2, 4, 4, 1], values: {}, builtIns: {} },
		);
		const { code } = pythonOf(graph, 'torch', { name: '3 losses!', about: 'A "test".' });
		expect(code).toContain('def loss_3_losses(y_true, y_pred, logits, s, progress=0.0, valid=None):\n    """A test.\n');
		expect(code).toContain('Trained beside the net, from: s = 0.5.');
		expect(code).toContain('if valid is None:\n        valid = torch.ones_like(y_true[..., :1])');
	});

	it('has words for every operation, or says which it has none for', () => {
		const shape = [1, 4, 4, 1];
		const node = (op: string, inputs: number[], attrs: Record<string, number | string | boolean | number[]>) => ({
			op,
			inputs,
			attrs,
			shape,
			line: 0,
		});
		const inputs = ['yTrue', 'yPred', 'logits'].map((name) => node('input', [], { name }));
		const attrs = { axis: [1, 2], keepDims: true, min: 0, max: 1, perm: [0, 2, 1, 3], begin: [0, 0, 0, 0], size: [1, 2, 2, 1] };
		for (const [op, { tensors }] of Object.entries(operations)) {
			const isPool = op.endsWith('Pool');
			const given = isPool ? { size: 3, strides: 1, pad: 'same' } : op === 'concat' ? { axis: 3 } : attrs;
			const graph = {
				nodes: [...inputs, node(op, [0, 1, 2].slice(0, tensors), given)],
				output: 3,
				variables: {},
			};
			for (const library of ['keras', 'torch'] as const) {
				const { code } = pythonOf(graph, library, { name: op, about: op });
				expect(code, `${library} ${op}`).not.toMatch(/undefined|NaN|\[object/u);
				expect(code, `${library} ${op}`).toContain('y_true');
			}
		}
		const uneven = { nodes: [...inputs, node('maxPool', [0], { size: 2, strides: 2, pad: 'same' })], output: 3, variables: {} };
		expect(() => pythonOf(uneven, 'torch', { name: 'a', about: 'a' })).toThrow('tf.maxPool has no counterpart here.');
	});

	it('makes names that Python takes', () => {
		expect(['My Dice 2', 'Tversky .3/.7', 'été', '2nd'].map(pythonName)).toEqual(['my_dice_2', 'tversky_3_7', 'ete', 'loss_2nd']);
	});
});
