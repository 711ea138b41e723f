import { describe, expect, it } from 'vitest';
import type { NetSpec } from '#lib/core/experiment.ts';
import { kerasNet } from './keras-net.ts';

const spec: NetSpec = { depth: 2, base: 4, norm: 'batch', dropout: 0, up: 'nearest' };
const net = (change: Partial<NetSpec>, outputs = 1): string => kerasNet({ ...spec, ...change }, 3, outputs);

describe('the net in Keras', () => {
	it('writes a level as two convolutions with their norms, without bias under batch norm', () => {
		const code = net({});
		expect(code).toContain(`
    x = images = keras.Input((None, None, 3))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False, name="down0_conv0")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="down0_conv0_norm")(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 3, padding="same", use_bias=False, name="down0_conv1")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="down0_conv1_norm")(x)
    x = layers.ReLU()(x)
    skip0 = x
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(8, 3,`);
		expect(code).toContain(`
    x = layers.UpSampling2D(2, interpolation="nearest")(x)
    x = layers.Concatenate()([skip1, x])
    x = layers.Conv2D(8, 3, padding="same", use_bias=False, name="up1_conv0")(x)
`);
		expect(code).not.toContain('Dropout');
	});

	it('comes up as the spec says', () => {
		expect(net({ up: 'transposed' })).toContain(`
    x = layers.Conv2DTranspose(8, 2, strides=2, padding="same", name="up1")(x)
    x = layers.Concatenate()([skip1, x])
`);
		// Its convolution has a bias and no norm, whatever the others have.
		expect(net({ up: 'nearest-conv' })).toContain(`
    x = layers.UpSampling2D(2, interpolation="nearest")(x)
    x = layers.Conv2D(8, 3, padding="same", name="up1_conv")(x)
    x = layers.ReLU()(x)
    x = layers.Concatenate()([skip1, x])
`);
	});

	it('has the groups, the bias, the dropout and the outputs of the spec', () => {
		expect(net({ norm: 'none' })).toContain('padding="same", name="bottom_conv1")(x)\n    x = layers.ReLU()(x)');
		expect(net({ norm: 'group', base: 16 })).toContain('GroupNormalization(groups=8, epsilon=1e-5, name="bottom_conv0_norm")');
		expect(net({ norm: 'instance' })).toContain('GroupNormalization(groups=16, epsilon=1e-5, name="bottom_conv0_norm")');
		expect(net({ dropout: 0.3 }, 4)).toContain('    x = layers.ReLU()(x)\n    x = layers.Dropout(0.3)(x)\n    x = layers.UpSampling2D');
		expect(net({}, 4)).toContain('    return keras.Model(images, layers.Conv2D(4, 1, name="head")(x), name="unet")\n');
	});
});
