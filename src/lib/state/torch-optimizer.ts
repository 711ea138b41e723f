/** The optimizers of `engine/optimizer.ts` in PyTorch. */
import type { OptimizerSpec } from '#lib/core/experiment.ts';
import { numberText } from '#lib/graphs/read-back.ts';

/** PyTorch's own multiplies by the rate only after the momentum, which differs while the rate changes. */
const rmsProp = `class RMSProp(torch.optim.Optimizer):
    """Its momentum holds steps that are multiplied by the rate already, as in Keras and TensorFlow."""

    def __init__(self, parameters, momentum, weight_decay):
        super().__init__(parameters, {"lr": 0.0, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for value in group["params"]:
                if value.grad is None:
                    continue
                slots = self.state[value]
                if not slots:
                    slots["square"], slots["momentum"] = torch.zeros_like(value), torch.zeros_like(value)
                gradient = value.grad + group["weight_decay"] * value
                slots["square"].mul_(0.9).add_(0.1 * gradient**2)
                slots["momentum"].mul_(group["momentum"]).add_(group["lr"] * gradient / (slots["square"].sqrt() + 1e-8))
                value.sub_(slots["momentum"])


`;

function callOf({ kind, momentum }: OptimizerSpec): string {
	switch (kind) {
		case 'sgd':
			return `torch.optim.SGD(parameters, lr=0.0, momentum=${numberText(momentum)}, weight_decay=weight_decay)`;
		case 'adam':
			return 'torch.optim.Adam(parameters, lr=0.0, betas=(0.9, 0.999), eps=1e-8, weight_decay=weight_decay)';
		case 'adamw':
			return 'torch.optim.AdamW(parameters, lr=0.0, betas=(0.9, 0.999), eps=1e-8, weight_decay=weight_decay)';
		case 'rmsprop':
			return `RMSProp(parameters, momentum=${numberText(momentum)}, weight_decay=weight_decay)`;
		default:
			return kind satisfies never;
	}
}

function clipLines({ clipNorm }: OptimizerSpec): string[] {
	if (clipNorm === 0) return [];
	return [
		'    gradients = [value.grad for group in optimizer.param_groups for value in group["params"] if value.grad is not None]',
		'    norm = torch.sqrt(sum(torch.sum(gradient**2) for gradient in gradients))',
		'    for gradient in gradients:',
		`        gradient.mul_(torch.clamp(${numberText(clipNorm)} / torch.clamp(norm, min=1e-12), max=1.0))`,
	];
}

/** `make_optimizer` and `update`, ending with a line break. */
export function torchOptimizer(spec: OptimizerSpec): string {
	return `${spec.kind === 'rmsprop' ? rmsProp : ''}def make_optimizer(parameters, weight_decay):
    return ${callOf(spec)}


def update(optimizer, rate):
${[...clipLines(spec), '    for group in optimizer.param_groups:', '        group["lr"] = rate', '    optimizer.step()'].join('\n')}
`;
}
