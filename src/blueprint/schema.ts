import { z } from 'zod';

/**
 * `architecture.yaml`: a system's blueprint, its boundaries and its lint configuration in one file.
 * The JSON Schema for editors is generated from this schema; the generator and the linter read the same one.
 */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words joined by single hyphens, starting with a letter')
  .max(30, 'at most 30 characters');

export const stackSchema = z.strictObject({
  language: z.string().optional(),
  framework: z.string().optional(),
  database: z.string().optional(),
  cache: z.string().optional(),
  broker: z.string().optional(),
});

export const moduleSchema = z.strictObject({
  path: z.string().describe('Folder of the module, relative to the root.'),
  entity: name.optional().describe('The entity that the generated skeleton starts with.'),
  language: z.string().optional(),
  uses: z.array(name).optional().describe('Modules whose contract this module calls.'),
  consumes: z.array(z.string()).optional().describe('Events of other modules, as <module>.<event>.'),
  public: z.array(z.string()).optional().describe('Globs of files other modules may import; default: the contract.'),
  tags: z.array(name).optional().describe('Words by which `lint.boundaries` speak of several modules.'),
});

export const deployableSchema = z.strictObject({
  kind: z.enum(['server', 'worker', 'gateway', 'functions']),
  path: z.string().optional().describe('Folder of the deployable; default: deployables/<name>.'),
  hosts: z.array(name).optional(),
  public: z.boolean().optional(),
  framework: z.string().optional(),
});

const severity = z.enum(['off', 'info', 'warning', 'error']);
const ruleSetting = z.union([severity, z.tuple([severity, z.record(z.string(), z.unknown())])]);
const date = z.iso.date();

const patterns = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: 'expected a pattern, or a list of patterns' })
  .optional();
const examples = z.array(z.string().regex(/^\S+ > \S+$/, 'expected <file> > <file, package:name or deployable:name>'));
export const boundaryVerbs = ['forbid', 'allowOnly', 'forbidReach'] as const;
const boundaryKeys = {
  forbid: patterns.describe('What may not be imported or called; also package:.'),
  allowOnly: patterns.describe('What alone may be imported or called, of the kinds that are named.'),
  forbidReach: patterns.describe('What may not be reached, through other files either.'),
  reason: z.string().min(1).describe('Shown with each finding.'),
  good: examples.optional().describe('Allowed, as <file> > <target>; checked by `scalable-backend test-config`.'),
  bad: examples.optional().describe('Forbidden, as <file> > <target>; checked by `scalable-backend test-config`.'),
};
const hasOneVerb = (stated: { readonly [verb in (typeof boundaryVerbs)[number]]?: unknown }) =>
  boundaryVerbs.filter((verb) => stated[verb] !== undefined).length === 1;
const oneVerb = { error: `expected one of ${boundaryVerbs.join(', ')}` };
const boundary = z
  .strictObject({
    from: patterns.unwrap().describe('Whose dependencies are meant: globs, layer:, tag:, module:, deployable:.'),
    ...boundaryKeys,
  })
  .refine(hasOneVerb, oneVerb);

const rules = z.record(z.string(), ruleSetting).optional();
const accepting = {
  overrides: z.array(z.strictObject({ paths: z.array(z.string()).min(1), rules: rules.unwrap() })).optional(),
  ignore: z.array(z.string()).optional().describe('Globs of files that are not part of the system.'),
  unchecked: z
    .array(z.strictObject({ path: z.string(), reason: z.string().min(1), until: date }))
    .optional()
    .describe('Accepted gaps, each with a reason and the date on which it ends.'),
  suppress: z
    .array(
      z.strictObject({
        rule: z.string(),
        path: z.string().optional(),
        reason: z.string().min(1),
        owner: z.string().optional(),
        until: date.optional(),
      }),
    )
    .optional(),
};

/** Keys of a module's own settings that the root may let it loosen. */
export const delegatedKeys = ['ignore', 'unchecked', 'uses'] as const;
const delegate = z
  .strictObject({
    to: patterns.unwrap().describe('Modules by name, or globs of their folders.'),
    rules: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Rules that their own `architecture.yaml` may lower, switch off, suppress or give other options.'),
    keys: z.array(z.enum(delegatedKeys)).min(1).optional().describe('Keys that may loosen what is stated here.'),
  })
  .refine(({ rules, keys }) => (rules ?? keys) !== undefined, { error: 'expected rules, keys or both' });

export const lintSchema = z.strictObject({
  extends: z.enum(['recommended', 'strict', 'review']).optional(),
  failOn: z
    .strictObject({
      severity: z.enum(['info', 'warning', 'error']).optional(),
      confidence: z.enum(['certain', 'likely']).optional(),
    })
    .optional(),
  rules,
  overrides: accepting.overrides,
  layers: z
    .array(z.string())
    .optional()
    .describe('Stacks of layers, lowest first in braces: modules/*/src/{domain,app,infra}.'),
  boundaries: z.array(boundary).optional().describe('Dependencies that are forbidden, or the only ones allowed.'),
  delegate: z.array(delegate).optional().describe('What modules may loosen in an `architecture.yaml` of their own.'),
  ignore: accepting.ignore,
  unchecked: accepting.unchecked,
  suppress: accepting.suppress,
});

/** A module's own `architecture.yaml`, in its folder: what it says holds for its files, and paths are relative to there. */
export const fragmentSchema = z.strictObject({
  uses: z.array(name).optional().describe('What is left of the modules that the root lets it use.'),
  lint: z
    .strictObject({
      rules,
      overrides: accepting.overrides,
      boundaries: z
        .array(
          z
            .strictObject({
              from: patterns.describe('Which of its files are meant: globs, layer:; default: all of them.'),
              ...boundaryKeys,
            })
            .refine(hasOneVerb, oneVerb),
        )
        .optional()
        .describe('Dependencies of its files that are forbidden, or the only ones allowed.'),
      maxWarnings: z.int().min(0).optional().describe('The run fails when the module has more warnings.'),
      ignore: accepting.ignore.describe('Globs of files that are not part of the system; only if delegated.'),
      unchecked: accepting.unchecked.describe('Accepted gaps; only if delegated.'),
      suppress: accepting.suppress.describe('Accepted findings; only of delegated rules.'),
    })
    .optional(),
});

export const architectureSchema = z.strictObject({
  version: z.literal(1),
  name,
  stack: stackSchema.optional(),
  modules: z.record(name, moduleSchema).optional(),
  deployables: z.record(name, deployableSchema).optional(),
  capacity: z
    .strictObject({
      peakRps: z.number().positive().optional(),
      p95Ms: z.number().positive().optional(),
      dataGb: z.number().positive().optional(),
    })
    .optional(),
  delivery: z
    .strictObject({
      ci: z.string().optional(),
      deploy: z.array(z.string()).optional(),
      observability: z.array(z.string()).optional(),
      load: z.string().optional(),
    })
    .optional(),
  lint: lintSchema.optional(),
});
/** The file as written. */
export type Architecture = z.infer<typeof architectureSchema>;
export type FragmentSettings = z.infer<typeof fragmentSchema>;
export type LintSettings = z.infer<typeof lintSchema>;
export type Capacity = NonNullable<Architecture['capacity']>;

export interface Module {
  readonly name: string;
  readonly path: string;
  readonly entity: string;
  readonly language: string;
  readonly uses: readonly string[];
  /** `<module>.<event>` */
  readonly consumes: readonly string[];
}
export interface Deployable {
  readonly name: string;
  readonly kind: 'server' | 'worker' | 'gateway' | 'functions';
  readonly path: string;
  readonly language: string;
  readonly framework: string;
  readonly hosts: readonly string[];
  readonly public: boolean;
}
/** The validated, normalised answers: nothing optional is left open. Nothing after this reads raw answers. */
export interface Blueprint {
  readonly name: string;
  readonly stack: {
    readonly language: string;
    readonly framework: string;
    readonly database: string;
    readonly cache: string;
    readonly broker: string;
  };
  /** In dependency order: a module comes after every module that it uses. */
  readonly modules: readonly Module[];
  readonly deployables: readonly Deployable[];
  readonly delivery: {
    readonly ci: string;
    readonly deploy: readonly string[];
    readonly observability: readonly string[];
    readonly load: string;
  };
  /** What the system is built to carry; absent: nobody said. */
  readonly capacity?: Capacity;
  /** Settings of the linter that the system's own file carries. */
  readonly lint?: LintSettings;
}
