/** The net of `engine/unet.ts` as a Keras model, layer by layer. Each layer has the name of the one whose weights it takes. */
import type { NetSpec } from '#lib/core/experiment.ts';
import { netPlan, type NetStep } from './net-plan.ts';

/** The text of the layer; '' where there is none. */
function normOf(norm: NetSpec['norm'], filters: number, name: string): string {
	switch (norm) {
		case 'batch':
			return `layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="${name}")`;
		case 'group':
			return `layers.GroupNormalization(groups=${Math.min(8, filters)}, epsilon=1e-5, name="${name}")`;
		case 'instance':
			return `layers.GroupNormalization(groups=${filters}, epsilon=1e-5, name="${name}")`;
		case 'none':
			return '';
		default:
			return norm satisfies never;
	}
}

function linesOf(step: NetStep): string[] {
	switch (step.kind) {
		case 'convolution': {
			const { name, to, norm } = step;
			const bias = norm === 'batch' ? ', use_bias=False' : '';
			return [
				`x = layers.Conv2D(${to}, 3, padding="same"${bias}, name="${name}")(x)`,
				...(norm === 'none' ? [] : [`x = ${normOf(norm, to, `${name}_norm`)}(x)`]),
				'x = layers.ReLU()(x)',
			];
		}
		case 'keep':
			return [`skip${step.level} = x`];
		case 'pool':
			return ['x = layers.MaxPooling2D(2)(x)'];
		case 'drop':
			return [`x = layers.Dropout(${step.rate})(x)`];
		case 'repeat':
			return ['x = layers.UpSampling2D(2, interpolation="nearest")(x)'];
		case 'transposed':
			return [`x = layers.Conv2DTranspose(${step.to}, 2, strides=2, padding="same", name="${step.name}")(x)`];
		case 'join':
			return [`x = layers.Concatenate()([skip${step.level}, x])`];
		case 'head':
			return [`return keras.Model(images, layers.Conv2D(${step.to}, 1, name="head")(x), name="unet")`];
		default:
			return step satisfies never;
	}
}

/** `make_net`, ending with a line break. */
export function kerasNet(spec: NetSpec, inputs: number, outputs: number): string {
	const lines = netPlan(spec, inputs, outputs).flatMap(linesOf);
	return `def make_net():
    """[B, H, W, ${inputs}] -> [B, H, W, ${outputs}] before the activation. H and W divisible by ${2 ** spec.depth}."""
    x = images = keras.Input((None, None, ${inputs}))
${lines.map((line) => `    ${line}`).join('\n')}
`;
}
