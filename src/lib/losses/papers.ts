/** Papers that more than one loss comes from. */
import type { LossSource } from './contract.ts';

export const barron2019: LossSource = {
	authors: 'Barron',
	year: 2019,
	title: 'A General and Adaptive Robust Loss Function',
	venue: 'CVPR',
	link: 'https://arxiv.org/abs/1701.03077',
};

export const berman2018: LossSource = {
	authors: 'Berman, Rannen Triki, Blaschko',
	year: 2018,
	title: 'The Lovász-Softmax Loss: A Tractable Surrogate for the Optimization of the Intersection-over-Union Measure in Neural Networks',
	venue: 'CVPR',
	link: 'https://arxiv.org/abs/1705.08790',
};

export const cui2019: LossSource = {
	authors: 'Cui, Jia, Lin, Song, Belongie',
	year: 2019,
	title: 'Class-Balanced Loss Based on Effective Number of Samples',
	venue: 'CVPR',
	link: 'https://arxiv.org/abs/1901.05555',
};

export const karimi2019: LossSource = {
	authors: 'Karimi, Salcudean',
	year: 2019,
	title: 'Reducing the Hausdorff Distance in Medical Image Segmentation with Convolutional Neural Networks',
	venue: 'IEEE Transactions on Medical Imaging',
	link: 'https://arxiv.org/abs/1904.10030',
};

export const milletari2016: LossSource = {
	authors: 'Milletari, Navab, Ahmadi',
	year: 2016,
	title: 'V-Net: Fully Convolutional Neural Networks for Volumetric Medical Image Segmentation',
	venue: '3DV',
	link: 'https://arxiv.org/abs/1606.04797',
};

export const ronneberger2015: LossSource = {
	authors: 'Ronneberger, Fischer, Brox',
	year: 2015,
	title: 'U-Net: Convolutional Networks for Biomedical Image Segmentation',
	venue: 'MICCAI',
	link: 'https://arxiv.org/abs/1505.04597',
};

export const salehi2017: LossSource = {
	authors: 'Salehi, Erdogmus, Gholipour',
	year: 2017,
	title: 'Tversky Loss Function for Image Segmentation Using 3D Fully Convolutional Deep Networks',
	venue: 'MLMI',
	link: 'https://arxiv.org/abs/1706.05721',
};

export const wong2018: LossSource = {
	authors: 'Wong, Moradi, Tang, Syeda-Mahmood',
	year: 2018,
	title: '3D Segmentation with Exponential Logarithmic Loss for Highly Unbalanced Object Sizes',
	venue: 'MICCAI',
	link: 'https://arxiv.org/abs/1809.00076',
};
