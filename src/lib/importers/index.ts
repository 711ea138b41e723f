/** The shelf of image formats. To add one: copy a neighbour, add a line here; the contract test covers it. */
import { bmp } from './bmp.ts';
import type { ImageFormat } from './format.ts';
import { gif } from './gif.ts';
import { jpeg } from './jpeg.ts';
import { npy } from './npy.ts';
import { png } from './png.ts';
import { tiff } from './tiff.ts';
import { webp } from './webp.ts';

export const formats: readonly ImageFormat[] = [png, jpeg, gif, bmp, webp, tiff, npy];
