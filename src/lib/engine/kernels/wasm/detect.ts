/** Which build of the kernels this engine can run. */

type KernelBuild = 'simd' | 'relaxed';

/**
 * The smallest module with one relaxed instruction: a function without parameters or results whose body is
 * `f32x4.relaxed_madd(0, 0, 0)`, dropped. Bytes by the core specification's binary format.
 */
// prettier-ignore
const relaxedSimdProbe = new Uint8Array([
	0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic number, version 1
	0x01, 0x04, 0x01, 0x60, 0x00, 0x00, // type section: [] → []
	0x03, 0x02, 0x01, 0x00, // function section: one function of that type
	0x0a, 0x14, 0x01, 0x12, 0x00, // code section: one body of 18 bytes without locals
	0x41, 0x00, 0xfd, 0x11, // i32.const 0, i32x4.splat
	0x41, 0x00, 0xfd, 0x11,
	0x41, 0x00, 0xfd, 0x11,
	0xfd, 0x85, 0x02, // f32x4.relaxed_madd
	0x1a, 0x0b, // drop, end
]);

export function detectBuild(): KernelBuild {
	return WebAssembly.validate(relaxedSimdProbe) ? 'relaxed' : 'simd';
}
