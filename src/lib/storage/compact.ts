/** Copies of records that own their numbers. Storing a view stores its whole buffer, and a view into a WebAssembly memory is the whole memory. */
import type { EpochRow, ImageEvidence, Preview } from '#lib/core/run.ts';

function compactEvidence(evidence: ImageEvidence): ImageEvidence {
	return evidence.kind === 'binary'
		? { ...evidence, histogram: evidence.histogram.slice() }
		: { ...evidence, confusion: evidence.confusion.slice() };
}

export function compactRow(row: EpochRow): EpochRow {
	return { ...row, stepLosses: row.stepLosses.slice(), validation: row.validation.map(compactEvidence) };
}

export function compactPreview(preview: Preview): Preview {
	return { ...preview, data: preview.data.slice() };
}
