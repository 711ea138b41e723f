import { describe, expect, it } from 'vitest';
import type { NetSpec } from '#lib/core/experiment.ts';
import { torchNet } from './torch-net.ts';

const spec: NetSpec = { depth: 2, base: 4, norm: 'batch', dropout: 0, up: 'nearest' };
const net = (change: Partial<NetSpec>, outputs = 1): string => torchNet({ ...spec, ...change }, 3, outputs);

describe('the net in PyTorch', () => {
	it('writes a level as two convolutions with their norms, without bias under batch norm', () => {
		const code = net({});
		expect(code).toContain(`
        self.down0_conv0 = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.down0_conv0_norm = BatchNorm(4, eps=1e-5, momentum=0.1)
        self.down0_conv1 = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.down0_conv1_norm = BatchNorm(4, eps=1e-5, momentum=0.1)
        self.down1_conv0 = nn.Conv2d(4, 8,`);
		expect(code).toContain(`
        x = images.permute(0, 3, 1, 2)
        x = F.relu(self.down0_conv0_norm(self.down0_conv0(x)))
        x = F.relu(self.down0_conv1_norm(self.down0_conv1(x)))
        skip0 = x
        x = F.max_pool2d(x, 2)
`);
		// Up from 16 channels at the bottom: 8 of the skip and 16 from below.
		expect(code).toContain('self.up1_conv0 = nn.Conv2d(24, 8, 3, padding=1, bias=False)');
		expect(code).not.toContain('dropout');
	});

	it('joins what comes up as the kind of up-sampling leaves it', () => {
		expect(net({ up: 'transposed' })).toContain('self.up1 = nn.ConvTranspose2d(16, 8, 2, stride=2)');
		expect(net({ up: 'nearest-conv' })).toContain('self.up1_conv = nn.Conv2d(16, 8, 3, padding=1)\n');
		for (const up of ['transposed', 'nearest-conv'] as const) expect(net({ up })).toContain('self.up1_conv0 = nn.Conv2d(16, 8,');
	});

	it('has the groups, the bias, the dropout and the outputs of the spec', () => {
		expect(net({ norm: 'none' })).toContain('x = F.relu(self.bottom_conv1(x))');
		expect(net({ norm: 'group', base: 16 })).toContain('self.bottom_conv0_norm = nn.GroupNorm(8, 64, eps=1e-5)');
		expect(net({ norm: 'instance' })).toContain('self.bottom_conv0_norm = nn.GroupNorm(16, 16, eps=1e-5)');
		expect(net({ dropout: 0.3 }, 4)).toContain('x = F.dropout(x, 0.3, self.training)');
		expect(net({}, 4)).toContain('self.head = nn.Conv2d(4, 4, 1)');
	});
});
