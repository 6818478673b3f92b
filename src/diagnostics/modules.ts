// One line per diagnostic, in alphabetical order: a new one is its folder and its line here.
export { disk } from './disk/index.ts';
export { docker } from './docker/index.ts';
export { hdfs } from './hdfs/index.ts';
export { logs } from './logs/index.ts';
export { ports } from './ports/index.ts';
export { vitals } from './vitals/index.ts';
