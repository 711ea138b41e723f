/** The numbers of `core/random.ts` in WGSL: the same integers, and the normals as near as WGSL's logarithm and cosine are. */

/** `bits` and `normal` of a stream (prefix, bytes mixed) at an index. MurmurHash3's body and finaliser, as there. */
export const random = `
fn rotate(word: u32, by: u32) -> u32 { return (word << by) | (word >> (32u - by)); }
fn bits(stream: vec2<u32>, index: u32) -> u32 {
	let key = rotate(index * 0xcc9e2d51u, 15u) * 0x1b873593u;
	var hash = (rotate(stream.x ^ key, 13u) * 5u + 0xe6546b64u) ^ stream.y;
	hash = (hash ^ (hash >> 16u)) * 0x85ebca6bu;
	hash = (hash ^ (hash >> 13u)) * 0xc2b2ae35u;
	return hash ^ (hash >> 16u);
}
fn normal(stream: vec2<u32>, index: u32) -> f32 {
	let first = bits(stream, 2u * index);
	// 1 − first / 2³² by the integer that is left, of which float32 keeps more.
	let rest = select(f32(0u - first) / 4294967296.0, 1.0, first == 0u);
	// The logarithm may come out above 0 near 1; the cosine is exact from −π to π only, which signed bits reach.
	let angle = f32(bitcast<i32>(bits(stream, 2u * index + 1u))) * ${(2 * Math.PI) / 2 ** 32};
	return sqrt(max(0.0, -2.0 * log(rest))) * cos(angle);
}`;
