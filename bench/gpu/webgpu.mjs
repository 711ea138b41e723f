/**
 * WebGPU in Node, through the npm package `webgpu` (Dawn), which `npm ci --prefix bench/gpu` installs. Three kinds of device: `null` checks
 * and counts but executes nothing; `software` executes in Chromium's own SwiftShader; `hardware` is what the machine's Vulkan driver offers.
 */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findChromium } from '../../scripts/chromium.mjs';

/** A variable, so that the package may be missing. */
const name = './node_modules/webgpu/index.js';
const icd = 'vk_swiftshader_icd.json';

/** @typedef {'null' | 'software' | 'hardware'} DeviceKind */

/** The folder with Chromium's software Vulkan, or undefined. */
export function findSoftwareVulkan() {
	const chromium = findChromium();
	const beside = chromium ? [dirname(realpathSync(chromium))] : [];
	return [...beside, '/usr/lib/chromium', '/opt/google/chrome'].find((folder) => existsSync(join(folder, icd)));
}

/**
 * What a process must have in its environment before it starts, so that Dawn finds Chromium's Vulkan loader and SwiftShader.
 * @returns {Record<string, string> | null} null where there is none
 */
export function softwareEnvironment() {
	const folder = findSoftwareVulkan();
	if (!folder) return null;
	const folders = [folder, ...(process.env.LD_LIBRARY_PATH ?? '').split(delimiter).filter((path) => path !== '' && path !== folder)];
	return { LD_LIBRARY_PATH: folders.join(delimiter), VK_ICD_FILENAMES: join(folder, icd) };
}

/**
 * Puts WebGPU where a browser has it: `navigator.gpu` and the classes. The object keeps the process alive: end it with `process.exit`.
 * @param {DeviceKind} kind
 * @returns {Promise<boolean>} false where the package is not installed
 */
export async function installWebGpu(kind) {
	const dawn = await import(name).catch(() => null);
	if (!dawn) return false;
	Object.assign(globalThis, dawn.globals);
	// Timestamps are otherwise rounded to 65 µs, longer than many a kernel runs.
	const gpu = dawn.create([`backend=${kind === 'null' ? 'null' : 'vulkan'}`, 'disable-dawn-features=timestamp_quantization']);
	Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
	return true;
}
