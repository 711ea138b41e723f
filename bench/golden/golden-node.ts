/** The golden files in Node, on plain JavaScript or on WebAssembly with our kernels. */
import '@tensorflow/tfjs-backend-cpu';
import { nodePlatform } from '#lib/engine/platform-node.ts';
import { startBackend } from '#lib/engine/backend.ts';
import { checkReductions } from '#lib/losses/testing/golden/reductions-file.ts';
import { readCases, readGolden, readRelations } from '#lib/losses/testing/golden/read-node.ts';
import { checkMetrics } from '#lib/metrics/testing/golden.ts';
import { markdown, plainTable } from './report.ts';
import { runCases, runRelations } from './suite.ts';

/** Starts the backend; returns it in words. */
export async function start(backend: 'cpu' | 'wasm'): Promise<string> {
	const { report } = await startBackend(backend, nodePlatform);
	return report.device;
}

export { checkMetrics, checkReductions, markdown, plainTable, readCases, readGolden, readRelations, runCases, runRelations };
