/** The optimizers of `engine/optimizer.ts` in Keras. */
import type { OptimizerSpec } from '#lib/core/experiment.ts';
import { numberText } from '#lib/graphs/read-back.ts';

interface Rule {
	/** In what the optimizer of the same name in Keras differs, or what it is like. */
	readonly note: string;
	/** Kept for each variable. */
	readonly slots: readonly string[];
	/** Statements that move `variable` by `gradient`. */
	readonly lines: readonly string[];
}

const adamLines = [
	'step = ops.cast(self.iterations, "float32") + 1.0',
	'self.assign(mean, 0.9 * mean + 0.1 * gradient)',
	'self.assign(square, 0.999 * square + 0.001 * ops.square(gradient))',
	'# 1 - 0.9**step and 1 - 0.999**step, with the digits that a difference near 0 loses.',
	'of_mean, of_square = -ops.expm1(step * math.log(0.9)), -ops.expm1(step * math.log(0.999))',
	'self.assign_sub(variable, learning_rate * (mean / of_mean) / (ops.sqrt(square / of_square) + 1e-8))',
];
const adamNote = 'Adds epsilon to the corrected root; the one of Keras adds it before the correction.';

function ruleOf({ kind, momentum, weightDecay }: OptimizerSpec): Rule {
	const decayed = weightDecay > 0 ? ['gradient = gradient + decay * variable'] : [];
	switch (kind) {
		case 'sgd':
			return {
				note: 'Its momentum holds gradients, which are multiplied by the rate of the step; the one of Keras holds steps.',
				slots: ['momentum'],
				lines: [
					...decayed,
					`self.assign(momentum, ${numberText(momentum)} * momentum + gradient)`,
					'self.assign_sub(variable, learning_rate * momentum)',
				],
			};
		case 'adam':
			return { note: adamNote, slots: ['mean', 'square'], lines: [...decayed, ...adamLines] };
		case 'adamw':
			return {
				note: adamNote,
				slots: ['mean', 'square'],
				lines: [...(weightDecay > 0 ? ['self.assign(variable, variable * (1.0 - learning_rate * decay))'] : []), ...adamLines],
			};
		case 'rmsprop':
			return {
				note: 'Adds epsilon to the root; the one of Keras adds it inside.',
				slots: ['square', 'momentum'],
				lines: [
					...decayed,
					'self.assign(square, 0.9 * square + 0.1 * ops.square(gradient))',
					`self.assign(momentum, ${numberText(momentum)} * momentum + learning_rate * gradient / (ops.sqrt(square) + 1e-8))`,
					'self.assign_sub(variable, momentum)',
				],
			};
		default:
			return kind satisfies never;
	}
}

function clipMethod(clipNorm: number): string {
	if (clipNorm === 0) return '';
	return `    def apply(self, grads, trainable_variables=None):
        grads = list(grads)
        # What a loss learns is clipped apart from the weights.
        for learned in (False, True):
            places = [at for at, gradient in enumerate(grads) if gradient is not None and self.is_learned[at] == learned]
            norm = ops.sqrt(sum(ops.sum(ops.square(grads[at])) for at in places))
            for at in places:
                grads[at] = grads[at] * ops.minimum(${numberText(clipNorm)} / ops.maximum(norm, 1e-12), 1.0)
        super().apply(grads, trainable_variables)

`;
}

/** `Optimizer`, ending with a line break. */
export function kerasOptimizer(spec: OptimizerSpec): string {
	const { note, slots, lines } = ruleOf(spec);
	const { clipNorm, weightDecay } = spec;
	const decay = weightDecay > 0 ? [`decay = 0.0 if self.is_learned[index] else ${numberText(weightDecay)}  # for weights only`] : [];
	const body = ['index = self._get_variable_index(variable)', ...slots.map((slot) => `${slot} = self.${slot}[index]`), ...decay, ...lines];
	return `class Optimizer(keras.optimizers.Optimizer):
    """${note}"""

    def __init__(self, learned):
        super().__init__(learning_rate=0.0)
        self.learned = [variable.path for variable in learned]

    def build(self, variables):
        super().build(variables)
        self.is_learned = [variable.path in self.learned for variable in variables]
${slots.map((slot) => `        self.${slot} = [self.add_variable_from_reference(variable, name="${slot}") for variable in variables]`).join('\n')}

${clipMethod(clipNorm)}    def update_step(self, gradient, variable, learning_rate):
${body.map((line) => `        ${line}`).join('\n')}
`;
}
