/**
 * Working memory from the host: at least `bytes` long, 16-byte aligned, uninitialised, and valid until the next call.
 * The kernels own no memory of their own, because theirs is the memory of TensorFlow.js' Emscripten module.
 */
// @ts-ignore: decorator
@external("host", "scratch")
export declare function scratch(bytes: usize): usize;

/** Rounds a size up to whole 64-byte cache lines. */
// @ts-ignore: decorator
@inline
export function lines(bytes: usize): usize {
	return (bytes + 63) & ~(<usize>63);
}
