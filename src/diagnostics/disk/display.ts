export { displayName, isPlain } from '../../core/display-name.ts';
