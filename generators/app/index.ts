import Generator, { type BaseOptions } from 'yeoman-generator';
import type { Work } from '../../src/write/write.ts';

type Options = BaseOptions & { readonly work: Work };

/**
 * The Yeoman shell. Files go through its in-memory tree into an empty stage, so its conflict prompt, which would stop
 * half-way without a terminal, never has a conflict to ask about: each file was decided about before.
 */
export default class App extends Generator<Record<string, never>, Options> {
  writing(): void {
    for (const { path, content } of this.options.work.files) {
      const file = this.destinationPath(path);
      this.fs.write(file, typeof content === 'string' ? content : Buffer.from(content));
    }
  }

  async install(): Promise<void> {
    await this.options.work.written();
  }
}
