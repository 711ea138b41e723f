import { describe, expect, it } from 'vitest';
import { defaultSpec, type OptimizerSpec } from '#lib/core/experiment.ts';
import { kerasOptimizer } from './keras-optimizer.ts';
import { learningRate } from './script-parts.ts';

const still: OptimizerSpec = { ...defaultSpec.optimizer, momentum: 0.9, weightDecay: 0, clipNorm: 0, warmUpSteps: 0, schedule: 'constant' };
const code = (change: Partial<OptimizerSpec>): string => kerasOptimizer({ ...still, ...change });

describe('the optimizer in Keras', () => {
	it('neither clips nor decays unless the spec says so', () => {
		for (const kind of ['sgd', 'adam', 'adamw', 'rmsprop'] as const) expect(code({ kind })).not.toMatch(/decay|def apply/u);
	});

	it('adds the decay to the gradient, and takes it from the weight itself for AdamW', () => {
		const decay = '        decay = 0.0 if self.is_learned[index] else 0.05  # for weights only\n';
		for (const kind of ['sgd', 'adam', 'rmsprop'] as const)
			expect(code({ kind, weightDecay: 0.05 })).toContain(`${decay}        gradient = gradient + decay * variable\n`);
		expect(code({ kind: 'adamw', weightDecay: 0.05 })).toContain(
			`${decay}        self.assign(variable, variable * (1.0 - learning_rate * decay))\n`,
		);
	});

	it('clips by the norm of all gradients of the net, and of all that the loss learns', () => {
		expect(code({ clipNorm: 0.5 })).toContain(`
        for learned in (False, True):
            places = [at for at, gradient in enumerate(grads) if gradient is not None and self.is_learned[at] == learned]
            norm = ops.sqrt(sum(ops.sum(ops.square(grads[at])) for at in places))
            for at in places:
                grads[at] = grads[at] * ops.minimum(0.5 / ops.maximum(norm, 1e-12), 1.0)
        super().apply(grads, trainable_variables)
`);
	});

	it('keeps the momentum of SGD free of the rate, and that of RMSProp not', () => {
		expect(code({ kind: 'sgd' })).toContain(`
        self.assign(momentum, 0.9 * momentum + gradient)
        self.assign_sub(variable, learning_rate * momentum)
`);
		expect(code({ kind: 'rmsprop' })).toContain(
			'self.assign(momentum, 0.9 * momentum + learning_rate * gradient / (ops.sqrt(square) + 1e-8))\n',
		);
	});
});

describe('the learning rate in Python', () => {
	it('rises over the warm-up, then stays or falls as half a cosine', () => {
		expect(learningRate({ ...still, learningRate: 0.01 })).toBe('def learning_rate(step):\n    return 0.01\n');
		expect(learningRate({ ...still, learningRate: 0.01, warmUpSteps: 4, schedule: 'cosine' })).toBe(`def learning_rate(step):
    if step < 4:
        return 0.01 * (step + 1) / 4
    share = (step - 4) / max(1, TOTAL_STEPS - 4)
    return 0.01 * 0.5 * (1 + math.cos(math.pi * share))
`);
	});
});
