import { collector } from '../collect.ts';
import { unusual } from '../guard.ts';
import type { Language } from '../language.ts';
import { textOf } from '../workspace/text.ts';

/** Maven and Gradle files: what the libraries that they name answer without a line of code. */
export const buildFiles: Language = {
  id: 'java-build',
  version: 1,
  claims: (path) => /(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?)$/.test(path),
  risk: unusual,
  extract({ path, bytes }) {
    const out = collector(path);
    const text = textOf(bytes).replace(/<!--[\s\S]*?-->/g, (comment) => ' '.repeat(comment.length));
    const found =
      /spring-boot-starter-actuator|spring-boot-admin-starter-client|quarkus-smallrye-health|micronaut-management/.exec(
        text,
      );
    if (found) {
      const span = [found.index, found.index + found[0].length] as const;
      out.emit('probe', span, {
        checks: 'health',
        path: found[0].startsWith('spring') ? '/actuator/health' : '/health',
      });
    }
    return out.finish();
  },
};
