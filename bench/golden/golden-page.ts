/** The golden files inside a page, on WebGPU. */
import { startBackend } from '#lib/engine/backend.ts';
import { browserPlatform } from '#lib/engine/platform-browser.ts';
import { tf } from '#lib/engine/tf.ts';
import { runCases, runRelations } from './suite.ts';

const { report } = await startBackend('webgpu', browserPlatform);
// Small tensors are otherwise computed in JavaScript, which would test nothing.
tf.env().set('WEBGPU_CPU_FORWARD', false);
Object.assign(globalThis, { golden: { runCases, runRelations, device: report.device } });
