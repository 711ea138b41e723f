/** WebGPU in Node for this room's tests, on Chromium's software adapter; `vitest.config.ts` gives the process what that needs. */
import { installWebGpu, softwareEnvironment } from '../../../../../bench/gpu/webgpu.mjs';

/** False where the package `webgpu` (`npm ci --prefix bench/gpu`) or a Chromium with SwiftShader is missing: such tests are skipped. */
export const hasWebGpu =
	softwareEnvironment() !== null && (await installWebGpu('software')) && (await navigator.gpu.requestAdapter()) !== null;
