/** A loss written out: as a formula, and as a function for Keras and PyTorch. */
import type { LossGraph } from '#lib/core/loss-graph.ts';
import type { ParamValue } from '#lib/core/params.ts';
import { formulaOf } from '#lib/graphs/formula.ts';
import { pythonFile, type PythonLibrary } from '#lib/graphs/python.ts';
import { GraphError } from '#lib/graphs/shapes.ts';
import type { AnyLoss } from '#lib/losses/contract.ts';
import { graphOfLoss, withoutBuiltIns } from '#lib/losses/graph-of-loss.ts';
import { findLoss } from '#lib/losses/index.ts';

export interface WrittenLoss {
	readonly language: 'formula' | PythonLibrary;
	readonly label: string;
	/** '' where it cannot be written, for `reason`. */
	readonly text: string;
	/** A sentence. */
	readonly reason: string;
}

/** Half object, half surroundings: what losses that begin from the data's counts are written for. */
const facts = { classPixels: [1, 1] };

/** Every way in which the graph can be written. @param about one line of what it is */
function written(graphOf: () => LossGraph, name: string, about: string): readonly WrittenLoss[] {
	const attempt = (language: WrittenLoss['language'], label: string, write: (graph: LossGraph) => string): WrittenLoss => {
		try {
			return { language, label, text: write(graphOf()), reason: '' };
		} catch (error) {
			if (!(error instanceof GraphError)) throw error;
			return { language, label, text: '', reason: `It cannot be written out in full: ${error.message.split('. There are:')[0] ?? ''}` };
		}
	};
	const python = (library: PythonLibrary) => (graph: LossGraph) => pythonFile(graph, library, { name, about });
	return [
		attempt('formula', 'Formula', (graph) => formulaOf(graph).join('\n')),
		attempt('keras', 'Keras', python('keras')),
		attempt('torch', 'PyTorch', python('torch')),
	];
}

/** A loss that a person wrote, as it was recorded. */
export function writeOwnLoss(graph: LossGraph, name: string): readonly WrittenLoss[] {
	return written(() => withoutBuiltIns(graph, findLoss, facts), name, `${name}, written in Overlap.`);
}

/** A loss of the shelf with these values, for two classes. */
export function writeLoss(loss: AnyLoss, values: Readonly<Record<string, ParamValue>>): readonly WrittenLoss[] {
	// Sides that no loss mistakes for each other.
	return written(() => graphOfLoss(loss, values, [2, 6, 5, 1], facts), loss.name, loss.summary);
}
