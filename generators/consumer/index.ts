/** The Yeoman shell of `add consumer`: it writes what was decided, exactly as the shell of a new system does. */
export { default } from '../app/index.ts';
