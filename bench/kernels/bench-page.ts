/** The benches inside a page. */
import { startBackend } from '#lib/engine/backend.ts';
import { browserPlatform } from '#lib/engine/platform-browser.ts';
import { benches } from './bench.ts';

const { report } = await startBackend('wasm', browserPlatform);
Object.assign(globalThis, { benches, device: report.device });
