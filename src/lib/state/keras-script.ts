/** A Python file that trains the runs of an experiment with Keras 3, on any of its backends, from the arrays beside it. */
import { kerasNet } from './keras-net.ts';
import { kerasOptimizer } from './keras-optimizer.ts';
import { batches, encoding, head, learningRate, lossTable, mainOf, valueOf, type ScriptFacts } from './script-parts.ts';

const weights = `def load_weights(net, folder):
    weights = {f"{layer.name}/{weight.name}": weight for layer in net.layers for weight in layer.weights}
    files = {f"{file.parent.name}/{file.stem}": file for file in folder.glob("*/*.npy")}
    if weights.keys() != files.keys():
        raise ValueError(f"{folder} and the net differ in {', '.join(sorted(weights.keys() ^ files.keys()))}.")
    for name, weight in weights.items():
        weight.assign(np.load(files[name]))
`;

const training = `@ops.custom_gradient
def without_tiny_slopes(logits):
    """As in Overlap: slopes that move nothing become 0, so that products of them stay normal numbers."""

    def slopes_before(*inputs, upstream=None):
        slopes = inputs[0] if upstream is None else upstream
        return slopes * ops.cast(ops.abs(slopes) > 1e-20, "float32")

    return 1.0 * logits, slopes_before


class Run(keras.Model):
    """A net, a loss, and the numbers that the loss trains beside the net."""

    def __init__(self, loss):
        super().__init__()
        self.net, self.entry = make_net(), loss
        self.learned = {
            name: self.add_weight(name=name, initializer=keras.initializers.Constant(value)) for name, value in loss.variables.items()
        }
        self.progress = self.add_weight(name="progress", initializer="zeros", trainable=False)

    def call(self, images, training=False):
        return without_tiny_slopes(self.net(images, training=training))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        y_true, valid = map(ops.convert_to_tensor, y)
        variables = {name: ops.convert_to_tensor(variable) for name, variable in self.learned.items()}
        return value_of(self.entry, variables, y_true, valid, y_pred, ops.convert_to_tensor(self.progress))


def train(key, seed, steps):
    """Yields the net and the loss of each step."""
    loss, folder = LOSSES[key], HERE / f"seed-{seed}"
    run, batches = Run(loss), Batches(folder)
    load_weights(run.net, folder / "weights")
    run.compile(optimizer=Optimizer(run.learned.values()))
    run.optimizer.build(run.trainable_variables)
    for step in range(steps):
        images, classes = batches[step]
        run.progress.assign(step / max(1, TOTAL_STEPS - 1))
        run.optimizer.learning_rate = learning_rate(step) * loss.rate
        run.reset_metrics()
        yield run.net, float(run.train_on_batch(images, encode(classes), return_dict=True)["loss"])
`;

/** The whole file. */
export function kerasScript(facts: ScriptFacts): string {
	const { spec, runs, losses } = facts;
	const activation = runs.outputs === 1 ? 'ops.sigmoid(logits)' : 'ops.softmax(logits, axis=-1)';
	return [
		`${head(facts, ['import keras', 'import numpy as np', 'from keras import layers, ops'])}
keras.config.set_image_data_format("channels_last")
`,
		kerasNet(spec.net, runs.inputs, runs.outputs),
		weights,
		batches(runs),
		encoding(runs.outputs),
		...losses.flatMap(({ code }) => (code === '' ? [] : [code])),
		lossTable(losses),
		valueOf(facts, { tensor: 'ops.array', clip: 'ops.clip', activation }),
		learningRate(spec.optimizer),
		kerasOptimizer(spec.optimizer),
		training,
		mainOf('keras', facts, 'net.save(HERE / f"{run}.keras")'),
	].join('\n\n');
}
