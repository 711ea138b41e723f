/** dx = dy where y > 0, else 0: the gradient of ReLU by its output. */
export function reluGradient(dy: usize, y: usize, dx: usize, count: i32): void {
	const end = <usize>count << 2;
	const whole = end & ~15;
	for (let at: usize = 0; at < whole; at += 16) {
		v128.store(dx + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), f32x4.splat(0))));
	}
	for (let at = whole; at < end; at += 4) store<f32>(dx + at, load<f32>(y + at) > 0 ? load<f32>(dy + at) : 0);
}
