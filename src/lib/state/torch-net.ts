/** The net of `engine/unet.ts` as a PyTorch module, layer by layer. Each module has the name of the layer whose weights it takes. */
import type { NetSpec } from '#lib/core/experiment.ts';
import { netPlan, type NetStep } from './net-plan.ts';

/** Statements of `__init__` and of `forward`. */
interface Lines {
	readonly layers: readonly string[];
	readonly steps: readonly string[];
}

function normOf(norm: NetSpec['norm'], filters: number): string {
	switch (norm) {
		case 'batch':
			return `BatchNorm(${filters}, eps=1e-5, momentum=0.1)`;
		case 'group':
			return `nn.GroupNorm(${Math.min(8, filters)}, ${filters}, eps=1e-5)`;
		case 'instance':
			return `nn.GroupNorm(${filters}, ${filters}, eps=1e-5)`;
		case 'none':
			return '';
		default:
			return norm satisfies never;
	}
}

function convolutionLines({ name, from, to, norm }: Extract<NetStep, { kind: 'convolution' }>): Lines {
	const conv = `self.${name} = nn.Conv2d(${from}, ${to}, 3, padding=1${norm === 'batch' ? ', bias=False' : ''})`;
	if (norm === 'none') return { layers: [conv], steps: [`x = F.relu(self.${name}(x))`] };
	return { layers: [conv, `self.${name}_norm = ${normOf(norm, to)}`], steps: [`x = F.relu(self.${name}_norm(self.${name}(x)))`] };
}

function linesOf(step: NetStep): Lines {
	switch (step.kind) {
		case 'convolution':
			return convolutionLines(step);
		case 'keep':
			return { layers: [], steps: [`skip${step.level} = x`] };
		case 'pool':
			return { layers: [], steps: ['x = F.max_pool2d(x, 2)'] };
		case 'drop':
			return { layers: [], steps: [`x = F.dropout(x, ${step.rate}, self.training)`] };
		case 'repeat':
			return { layers: [], steps: ['x = F.interpolate(x, scale_factor=2, mode="nearest")'] };
		case 'transposed':
			return {
				layers: [`self.${step.name} = nn.ConvTranspose2d(${step.from}, ${step.to}, 2, stride=2)`],
				steps: [`x = self.${step.name}(x)`],
			};
		case 'join':
			return { layers: [], steps: [`x = torch.cat([skip${step.level}, x], dim=1)`] };
		case 'head':
			return { layers: [`self.head = nn.Conv2d(${step.from}, ${step.to}, 1)`], steps: ['return self.head(x).permute(0, 2, 3, 1)'] };
		default:
			return step satisfies never;
	}
}

const batchNorm = `class BatchNorm(nn.BatchNorm2d):
    """Keeps the variance as measured for later; PyTorch's own corrects it by n / (n - 1) first."""

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                self.running_mean.lerp_(x.mean((0, 2, 3)), self.momentum)
                self.running_var.lerp_(x.var((0, 2, 3), unbiased=False), self.momentum)
            return F.batch_norm(x, None, None, self.weight, self.bias, True, 0.0, self.eps)
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps)


`;

const indented = (lines: readonly string[]): string => lines.map((line) => `        ${line}`).join('\n');

/** The classes that make up the net, ending with a line break. */
export function torchNet(spec: NetSpec, inputs: number, outputs: number): string {
	const lines = netPlan(spec, inputs, outputs).map(linesOf);
	return `${spec.norm === 'batch' ? batchNorm : ''}class UNet(nn.Module):
    """[B, H, W, ${inputs}] -> [B, H, W, ${outputs}] before the activation. H and W divisible by ${2 ** spec.depth}."""

    def __init__(self):
        super().__init__()
${indented(lines.flatMap(({ layers }) => layers))}

    def forward(self, images):
        x = images.permute(0, 3, 1, 2)
${indented(lines.flatMap(({ steps }) => steps))}
`;
}
