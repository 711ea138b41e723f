/** What Overlap does not do, or only within bounds: shown on the about page, and the same in README. */

export interface Limit {
	readonly topic: string;
	/** What is so. */
	readonly limit: string;
	/** What to do instead; '' when nothing helps. */
	readonly instead: string;
}

export const limits: readonly Limit[] = [
	{
		topic: 'Graphics card',
		limit:
			'WebGPU is used only where the browser offers an adapter that is a real one; a software adapter is slower than the processor and is passed over. Our WebGPU kernels were checked on a software adapter only, on no graphics card. Training images of more than 256 MiB as 32-bit numbers (1,000 of 256² in grey), or than the card allows one buffer, are cut and changed by the processor there.',
		instead: 'Training then runs on the processor with WebAssembly, one worker a core: slower, with the same steps.',
	},
	{
		topic: 'Memory',
		limit: 'WebAssembly can address 4 GB a worker, and a tab gets what the browser leaves it. Losses of one seed are in memory together.',
		instead: 'A smaller image size, batch or net, or fewer losses at once.',
	},
	{
		topic: 'Image formats',
		limit:
			'PNG and TIFF (1 to 64 bit whole numbers, 16 to 64 bit floats), JPEG, WebP, GIF, BMP and NumPy .npy; masks exactly as stored, but for JPEG and lossy WebP, which are cut at a threshold, and fractions from 0 to 1, which are cut at one half. A mask holds whole numbers from 0 to 65,535. Each page of a TIFF and each image of a NumPy stack is an image of its own, at most 4,096 in a file; channels and depth of ImageJ, OME and LSM are not read as such. TIFF with JPEG or fax inside, DICOM and NIfTI are refused by name.',
		instead: 'Save as PNG, 8 or 16 bit, in another program first.',
	},
	{
		topic: 'Annotation files',
		limit:
			'COCO, LabelMe, VIA, CVAT for images, Supervisely, YOLO, Kaggle’s run lengths, nnU-Net and Decathlon, lists of pairs and of classes; at most 256 MB a file. A pixel belongs to a shape when its centre lies inside. Boxes without masks, CVAT for video, COCO panoptic and brush strokes of Label Studio are not read.',
		instead: 'Export one of these, or label images, from the annotation program.',
	},
	{
		topic: 'Time reckoned beforehand',
		limit:
			'It is of the moment when it was measured: other programs, heat and battery change it. Storing, the start of the workers and the compiling of shaders are not in it, so experiments of seconds take longer than said. For choices that were not measured it is reckoned from the most similar ones by what passes through memory, which was checked on WebAssembly only.',
		instead: 'Measure the choices themselves. While a training runs, the time left follows its real pace.',
	},
	{
		topic: 'Image size',
		limit:
			'At most 16 384 pixels a side, and 1 GiB of samples an image. Above 67 megapixels an image is opened as tiles of at most 2048 pixels a side, each a sample of its own; the split keeps the tiles of an image together where there are several images. Large images are shown at fewer pixels until you zoom in. The net sees squares of 16 to 1024 pixels.',
		instead: 'Beyond the bounds, cut images first.',
	},
	{
		topic: 'Dimensions',
		limit: 'Flat images only: a volume or a film is a set of separate slices.',
		instead: 'Open the slices as files; slices of one patient can be kept in one part of the split.',
	},
	{
		topic: 'Architecture',
		limit: 'One kind of net, a U-Net of 2 to 5 levels with at most 64 filters at the first, trained from scratch. No pre-trained weights.',
		instead: 'For the best possible model train elsewhere; for which loss fits your masks, this net is enough.',
	},
	{
		topic: 'Losses of your own',
		limit:
			'Code is recorded, not run, while training: it cannot look at values, and has the operations that the editor offers. The closed-off place where it is recorded is fetched anew, so writing losses and starting runs with them needs the connection.',
		instead: 'Choose between values with tf.where. Runs that have started go on offline.',
	},
	{
		topic: 'Comparisons',
		limit:
			'At most 12 losses, 20 seeds and 10 folds an experiment. One seed is one sample: N = 1 proves nothing about small differences. Folds share training images, so there is no standard error or 95 % interval over them; images, doubtful masks and thresholds are shown of one fold at a time.',
		instead: 'Add seeds, and look at how far the same loss differs from itself.',
	},
	{
		topic: 'Exported models',
		limit: 'Stock TensorFlow.js opens models without group or instance normalisation and without dropout. Others open in Overlap only.',
		instead: 'Choose batch normalisation or none, and no dropout, before training.',
	},
	{
		topic: 'Models of deleted data',
		limit: 'A run predicts only while its data set is stored, because the data set says what its classes are.',
		instead: 'Save the model as a zip before deleting the data; the zip holds all it needs.',
	},
	{
		topic: 'Masks of every epoch',
		limit:
			'Small pictures are kept of at most 60 validation images, within 1.5 MiB an epoch of a run (at least 12), at most 160 pixels a side. Of several classes only the most likely one is kept, so there is no probability or uncertainty to draw.',
		instead: 'Delete experiments that you no longer need under About.',
	},
	{
		topic: 'Measures of masks',
		limit:
			'Distances and objects are measured for the best and the last weights of the shown seed, not while training runs: each image is predicted again. Doubtful masks are sought in the small pictures only.',
		instead: 'Measure the validation part first; another threshold needs no new prediction.',
	},
	{
		topic: 'Data doctor',
		limit:
			'It sees what is stored: mirrored, turned or cut copies are not found, nor neighbouring frames in which something moves. Images of several megapixels may hold the page up for a moment.',
		instead: 'Keep together by name what belongs together.',
	},
	{
		topic: 'Mask editor',
		limit: 'It draws classes, not objects: two touching objects of one class become one region. Undo is gone when the editor is closed.',
		instead: 'Give touching objects a border class.',
	},
	{
		topic: 'Project files',
		limit:
			'A file inside may have 1 GiB. An experiment whose data set was deleted cannot be saved. Masks other than those that the runs used stay behind.',
		instead: 'Save the data set itself as a ZIP as well.',
	},
	{
		topic: 'Experiment as Python',
		limit:
			'Of experiments with folds, one fold at a time. Not for runs that began with other weights. Losses that are steered by earlier steps, or compare with maps prepared from the masks, are left out, and the file says which. With crops, noise or changes of brightness the batches themselves are saved, up to 256 MiB. Dropout draws other units.',
		instead: 'Save the project: it goes on here to the same bits.',
	},
	{
		topic: 'Masks as files',
		limit:
			'COCO polygons follow the edges of pixels; a hole is joined to its outline by a cut of no width, which programs that insist on simple polygons must mend. TIFF masks are 8-bit. Masks of a stack are saved a file a page.',
		instead: 'COCO run lengths and PNG hold any mask as it is.',
	},
	{
		topic: 'Lesson links',
		limit:
			'A lesson hides steps, it does not lock them. Its link holds the recipe of a drawn sample, never files, and has at most 100,000 characters. Answers stay in the browser they were typed in, by the exact link: a changed lesson starts with empty fields.',
		instead: 'Students open own images themselves, or a project file. They copy their answers and send them.',
	},
	{
		topic: 'Storage',
		limit:
			'Browsers may clear a site’s storage when the disk runs full, unless it is marked as kept. In private windows everything goes with the tab.',
		instead: 'Save models and masks as files.',
	},
	{
		topic: 'Tabs',
		limit: 'One tab trains at a time; a second one can look and take over.',
		instead: '',
	},
	{
		topic: 'Browsers',
		limit: 'The automatic tests run in Chromium. Other browsers with WebAssembly SIMD and module workers should work, but are not tested.',
		instead: '',
	},
];
