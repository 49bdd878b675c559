/** A stylesheet that a page brings along; the bundler makes a file of it. */
declare module '*.css';
