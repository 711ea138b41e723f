/** The net of `engine/unet.ts` as a PyTorch module, layer by layer. Each module has the name of the layer whose weights it takes. */
import type { NetSpec } from '#lib/core/experiment.ts';

/** Statements of `__init__` and of `forward`. */
interface Lines {
	readonly layers: string[];
	readonly steps: string[];
}

function normOf({ norm }: NetSpec, filters: number): string {
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

/** Two 3×3 convolutions, each with its norm and ReLU. */
function addLevel({ layers, steps }: Lines, spec: NetSpec, name: string, from: number, to: number): void {
	for (const [index, inputs] of [from, to].entries()) {
		const conv = `${name}_conv${index}`;
		layers.push(`self.${conv} = nn.Conv2d(${inputs}, ${to}, 3, padding=1${spec.norm === 'batch' ? ', bias=False' : ''})`);
		if (spec.norm !== 'none') layers.push(`self.${conv}_norm = ${normOf(spec, to)}`);
		steps.push(spec.norm === 'none' ? `x = F.relu(self.${conv}(x))` : `x = F.relu(self.${conv}_norm(self.${conv}(x)))`);
	}
}

/** To twice the side. Returns the channels. */
function addUp({ layers, steps }: Lines, { up }: NetSpec, name: string, from: number, to: number): number {
	if (up === 'transposed') {
		layers.push(`self.${name} = nn.ConvTranspose2d(${from}, ${to}, 2, stride=2)`);
		steps.push(`x = self.${name}(x)`);
		return to;
	}
	steps.push('x = F.interpolate(x, scale_factor=2, mode="nearest")');
	if (up === 'nearest') return from;
	layers.push(`self.${name}_conv = nn.Conv2d(${from}, ${to}, 3, padding=1)`);
	steps.push(`x = F.relu(self.${name}_conv(x))`);
	return to;
}

function linesOf(spec: NetSpec, inputs: number, outputs: number): Lines {
	const lines: Lines = { layers: [], steps: [] };
	const filters = (level: number): number => spec.base * 2 ** level;
	for (let level = 0; level < spec.depth; level++) {
		addLevel(lines, spec, `down${level}`, level === 0 ? inputs : filters(level - 1), filters(level));
		lines.steps.push(`skip${level} = x`, 'x = F.max_pool2d(x, 2)');
	}
	addLevel(lines, spec, 'bottom', filters(spec.depth - 1), filters(spec.depth));
	if (spec.dropout > 0) lines.steps.push(`x = F.dropout(x, ${spec.dropout}, self.training)`);
	for (let level = spec.depth - 1; level >= 0; level--) {
		const above = addUp(lines, spec, `up${level}`, filters(level + 1), filters(level));
		lines.steps.push(`x = torch.cat([skip${level}, x], dim=1)`);
		addLevel(lines, spec, `up${level}`, filters(level) + above, filters(level));
	}
	lines.layers.push(`self.head = nn.Conv2d(${spec.base}, ${outputs}, 1)`);
	return lines;
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
	const { layers, steps } = linesOf(spec, inputs, outputs);
	return `${spec.norm === 'batch' ? batchNorm : ''}class UNet(nn.Module):
    """[B, H, W, ${inputs}] -> [B, H, W, ${outputs}] before the activation. H and W divisible by ${2 ** spec.depth}."""

    def __init__(self):
        super().__init__()
${indented(layers)}

    def forward(self, images):
        x = images.permute(0, 3, 1, 2)
${indented(steps)}
        return self.head(x).permute(0, 2, 3, 1)
`;
}
