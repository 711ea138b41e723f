/**
 * The shelf of annotation files. To add one: copy a neighbour, add a line here. A file is offered to each in turn; the first
 * that can read it has it, so the more particular kinds come first.
 */
import { coco } from './coco.ts';
import { cvat } from './cvat.ts';
import type { Descriptor } from './descriptor.ts';
import { kaggleRuns } from './kaggle-runs.ts';
import { labelMap } from './label-map.ts';
import { labelMe } from './label-me.ts';
import { listFile } from './list-file.ts';
import { nnUnet } from './nn-unet.ts';
import { ownSet } from './own-set.ts';
import { supervisely } from './supervisely.ts';
import { via } from './via.ts';
import { yolo } from './yolo.ts';

export const descriptors: readonly Descriptor[] = [
	ownSet,
	coco,
	nnUnet,
	labelMe,
	supervisely,
	via,
	cvat,
	kaggleRuns,
	yolo,
	listFile,
	labelMap,
];
