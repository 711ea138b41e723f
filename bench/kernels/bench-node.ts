/** The benches in Node. */
import { startBackend } from '#lib/engine/backend.ts';
import { nodePlatform } from '#lib/engine/platform-node.ts';
import { benches } from './bench.ts';

export async function startNodeBench() {
	const { report } = await startBackend('wasm', nodePlatform);
	return { benches, device: report.device };
}
