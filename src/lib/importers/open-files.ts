/** Opens files: archives, pictures by their bytes, then a proposal that a person can check and correct. */
import { FileSet, type ScanOptions } from './file-set.ts';
import type { OpenedFile } from './opened-file.ts';
import { type ImportProposal, propose } from './proposal.ts';

/**
 * Opens archives, tells pictures from other files by their bytes, pairs images with masks and reads every mask.
 * A damaged file never stops the others. Rejects only with `cancelled`.
 */
export async function scanFiles(files: readonly OpenedFile[], options: ScanOptions = {}): Promise<ImportProposal> {
	return propose(await FileSet.read(files, options), options);
}
