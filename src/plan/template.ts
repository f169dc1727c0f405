import type { Blueprint, Deployable, Module } from '../blueprint/schema.ts';

/** tool: regenerated. team: written once, then a person's. shared: merged by key. */
export type Owner = 'tool' | 'team' | 'shared';
export type Port = 'http' | 'database' | 'cache' | 'bus' | 'jobs';
export type Scope =
  | { readonly per: 'system' }
  | { readonly per: 'module'; readonly module: Module }
  | { readonly per: 'deployable'; readonly deployable: Deployable };

/**
 * A target-neutral statement that a template makes. Only printers turn intents into files, so what is stated once
 * appears in compose, CI and configuration alike. Two values for one key are an error that names both templates.
 */
export type Intent =
  /** A backing service. Key: id. `connection`: the value of the setting that points at it, by host placeholder. */
  | {
      readonly is: 'resource';
      readonly id: string;
      readonly image: string;
      readonly port: number;
      /** Command run inside the container that exits 0 when it is ready. */
      readonly ready: readonly string[];
      readonly volume?: string;
      /** Plain variables of the container; `{host}` and `{port}`: where its readers reach it. */
      readonly env?: Readonly<Record<string, string>>;
      /** Connection string with `{host}`, `{port}`, `{part}` and one `{NAME}` for each of `secrets`. */
      readonly url: string;
      /** The part that readers without one of their own have. */
      readonly part?: string;
      /** Command that the container runs instead of the image's own. */
      readonly command?: readonly string[];
      /** Secret variables of the container and what each is; a target generates or asks for the value. */
      readonly secrets?: Readonly<Record<string, string>>;
      /** Files and folders of the system that it reads: path in the container -> path in the system. */
      readonly config?: Readonly<Record<string, string>>;
      /** Secret settings that it reads from files: path in the container -> name of the setting. */
      readonly secretFiles?: Readonly<Record<string, string>>;
      /** Port of the developer's own machine on which a person opens it in a browser. Others are not published. */
      readonly browse?: number;
      /** Memory that it may use, MiB. */
      readonly memoryMb?: number;
    }
  /** An environment variable and who reads it: a deployable, or `load`, `ci`. Key: name + readBy. */
  | {
      readonly is: 'setting';
      readonly name: string;
      readonly readBy: string;
      readonly secret: boolean;
      readonly from: /** `part`: what the reader has of it for itself, as a database of a server; fills `{part}` of its `url`. */
        | { readonly resource: string; readonly part?: string }
        | { readonly value: string }
        /** The base URL of another deployable's listener. */
        | { readonly deployable: string; readonly port: 'public' | 'internal' }
        /** What a cloud target makes itself: the topic of all events, the queue that wakes this reader's own work. */
        | { readonly cloud: 'topic' | 'queue' };
      /** One sentence for `.env.example` and the README. */
      readonly doc: string;
      /** What applies when the variable is absent (development); undefined: required. */
      readonly fallback?: string;
      /** True where the target decides and a person's own environment must not (ports, folders of the image). */
      readonly fixed?: boolean;
      /** Value with which a first try on a developer's machine works at once, where `from` says what production needs. */
      readonly trial?: string;
    }
  /** A package for the manifest at `at` (folder, '' = root). Key: language + at + name. */
  | {
      readonly is: 'dependency';
      readonly language: string;
      readonly at: string;
      readonly name: string;
      readonly version: string;
      readonly dev?: boolean;
    }
  /** An implementation of a platform port. Key: port + scheme. `file` is relative to the platform's source folder. */
  | {
      readonly is: 'adapter';
      readonly language: string;
      readonly port: Port;
      /** URL scheme or framework id that selects it. */
      readonly scheme: string;
      readonly file: string;
      readonly symbol: string;
    }
  | {
      readonly is: 'process';
      readonly deployable: string;
      readonly command: readonly string[];
      readonly ports: { readonly public: number; readonly internal?: number; readonly ops?: number };
      /** Deployables that have to be ready first. */
      readonly after?: readonly string[];
      /** Command run inside the container that exits 0 when it is ready. */
      readonly ready?: readonly string[];
      /** Command that brings the databases of its modules up to date, run to its end before the process starts. */
      readonly migrate?: readonly string[];
      /** Longest time from SIGTERM to exit, ms. */
      readonly stopMs?: number;
      /** Folders that it writes to; nothing else of its file system is writable, and nothing in them is kept. */
      readonly writable?: readonly string[];
      /** Memory that it may use, MiB. */
      readonly memoryMb?: number;
    }
  /**
   * A function of a deployable of kind functions. Key: deployable + id. `handler`: its export of the bundle.
   * `on`: what starts it; `work` is both a schedule and the deployable's own queue.
   */
  | {
      readonly is: 'function';
      readonly deployable: string;
      readonly id: string;
      readonly handler: string;
      readonly on: 'http' | 'internal' | 'events' | 'work';
      readonly doc: string;
      /** Time for one event. */
      readonly timeoutSeconds: number;
      readonly memoryMb: number;
      /** What it may do besides answering: publish events, wake the deployable's work. */
      readonly may: readonly ('publish' | 'wake')[];
    }
  /** A step of the pipeline. Key: id. */
  | {
      readonly is: 'job';
      readonly stage: 'check' | 'test' | 'build' | 'deploy';
      readonly id: string;
      readonly run: readonly string[];
      /** Ids of the resources that must run beside it; `*`: every resource that a deployable reads. */
      readonly resources: readonly string[];
      /** Toolchain by language and its exact version, e.g. `{ node: '24.21.0' }`; absent: the runner's own. */
      readonly tools?: Readonly<Record<string, string>>;
      /** Commands that fetch dependencies before `run`. */
      readonly install?: readonly string[];
      /** Minutes after which it is stopped; default 10. */
      readonly minutes?: number;
    }
  /** A folder ('' = root) whose versions an update service keeps current. Key: ecosystem + at. */
  | { readonly is: 'manifest'; readonly ecosystem: string; readonly at: string }
  | {
      readonly is: 'metric';
      readonly name: string;
      readonly kind: 'counter' | 'gauge' | 'histogram';
      readonly labels: readonly string[];
      readonly doc: string;
    }
  /** A query that is computed ahead, for dashboards and alerts. Key: name. */
  | { readonly is: 'record'; readonly name: string; readonly expr: string }
  | {
      readonly is: 'alert';
      readonly name: string;
      readonly expr: string;
      readonly for: string;
      readonly severity: 'page' | 'ticket';
      readonly summary: string;
      /** Samples that prove it, one a minute in Prometheus' series notation: the first set fires, the second does not. */
      readonly proof?: {
        /** Minutes after which it fires, or stays silent. */
        readonly after: number;
        readonly fires: Readonly<Record<string, string>>;
        readonly silent: Readonly<Record<string, string>>;
        /** Labels of the fired alert besides `severity`. */
        readonly labels: Readonly<Record<string, string>>;
      };
    }
  /** A script of the root manifest. Key: name. */
  | {
      readonly is: 'script';
      readonly language: string;
      readonly name: string;
      readonly run: string;
      readonly doc: string;
    }
  /** A section of the generated README. Key: title. */
  | { readonly is: 'section'; readonly title: string; readonly order: number; readonly text: string };

export type IntentOf<K extends Intent['is']> = Extract<Intent, { readonly is: K }>;

/** An overlay: a folder beside the template, copied (or rendered, for `.hbs`) once per scope. */
export interface FileSet {
  readonly per: Scope['per'];
  /** Folder relative to the template's own folder. */
  readonly from: string;
  /** Target with `{system}`, `{module}`, `{deployable}` placeholders for folders. */
  readonly to: string;
  readonly owner: Owner;
  /** Conditions on the scope's module or deployable and on the stack, e.g. `{ language: 'node', kind: 'server' }`. */
  readonly when?: Readonly<Record<string, string>>;
}
/** Bytes that a plan names and the write step supplies: `linter` is the packed `scalable-backend`. */
export interface Provided {
  readonly provided: 'linter';
}
export interface PlannedFile {
  readonly path: string;
  /** Text with LF, or bytes for the few binary files; `Provided` where only the write step has the bytes. */
  readonly content: string | Uint8Array | Provided;
  readonly owner: Owner;
  /** Ids of the templates it is from, `axis/id`. */
  readonly from: readonly string[];
  readonly executable?: boolean;
}
/** What printers see: the blueprint and everybody's intents. */
export interface SystemSpec {
  readonly blueprint: Blueprint;
  /** The linter that the system carries: `file` is its tarball, relative to the system's root. */
  readonly linter: { readonly name: string; readonly version: string; readonly file: string };
  all<K extends Intent['is']>(is: K): readonly IntentOf<K>[];
}
/** One choice on one axis. */
export interface Template {
  readonly axis: string;
  readonly id: string;
  readonly title: string;
  /** One line shown beside the choice. */
  readonly why: string;
  readonly languages: readonly string[] | 'any';
  readonly provides?: readonly Port[];
  readonly needs?: readonly Port[];
  /** Why this choice is impossible with this blueprint, with the nearest valid one. */
  refuse?(blueprint: Blueprint): string | undefined;
  /** Phase 1, once per scope. */
  state?(at: Scope, blueprint: Blueprint): Iterable<Intent>;
  readonly files?: readonly FileSet[];
  /** Phase 2, sees everyone's intents. */
  print?(system: SystemSpec): Iterable<PlannedFile>;
}
