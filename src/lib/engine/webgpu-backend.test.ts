import { describe, expect, it } from 'vitest';
import { GpuWatch } from './backend.ts';
import { hasWebGpu } from './kernels/webgpu/testing-node.ts';
import { tf } from './tf.ts';
import { openWebGpuBackend, useOwnKernels } from './webgpu-backend.ts';

async function open(): Promise<GPUDevice> {
	const adapter = await navigator.gpu.requestAdapter();
	if (!adapter) throw new Error('no adapter');
	return openWebGpuBackend(adapter);
}

describe.skipIf(!hasWebGpu)('our own WebGPU device', { timeout: 120_000 }, () => {
	it('has the limits of its adapter', async () => {
		const adapter = await navigator.gpu.requestAdapter();
		const { limits } = await open();
		expect(limits.maxStorageBufferBindingSize).toBe(adapter?.limits.maxStorageBufferBindingSize);
		expect(limits.maxStorageBuffersPerShaderStage).toBe(adapter?.limits.maxStorageBuffersPerShaderStage);
	});

	it('gets our kernels after they passed their test', async () => {
		expect(await useOwnKernels(await open())).toBe('');
		expect(tf.getKernel('OverlapNorm', 'webgpu')).toBeDefined();
	});

	it('keeps the stock kernels, and says so, when ours compute wrong slopes', async () => {
		const device = await open();
		await useOwnKernels(device);
		const right = tf.getKernel('OverlapConvolutionGrad', 'webgpu');
		// As on a driver that compiles gradients to zeros.
		tf.unregisterKernel(right.kernelName, 'webgpu');
		tf.registerKernel({
			...right,
			kernelFunc: (call) => [right.kernelFunc(call)].flat().map(({ shape }) => tf.zeros([...shape])),
		});
		expect(await useOwnKernels(device)).toContain('failed a test here (convolution)');
		expect(tf.getKernel('OverlapConvolutionGrad', 'webgpu')).toBeUndefined();
		const squares = tf.tidy(() => tf.conv2d(tf.ones<tf.Rank.R4>([1, 2, 2, 1]), tf.fill<tf.Rank.R4>([1, 1, 1, 1], 3), 1, 'same'));
		expect([...(await squares.data())]).toEqual([3, 3, 3, 3]);
		squares.dispose();
	});

	it('fails the step that it refused, and says when it is gone', async () => {
		const [device, watch] = [await open(), new GpuWatch()];
		watch.watch(device);
		watch.check();
		const refused = new Promise((resolve) => device.addEventListener('uncapturederror', resolve, { once: true }));
		device.createBuffer({ size: 8, usage: 0 });
		await refused;
		expect(() => watch.check()).toThrow('gpu-error');
		device.destroy();
		await device.lost;
		expect(() => watch.check()).toThrow('gpu-lost');
	});
});
