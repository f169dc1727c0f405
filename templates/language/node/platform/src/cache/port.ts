/** A value after its way through JSON: what every reader gets, from whichever tier. */
export type Json<V> = V extends Date ? string : V extends object ? { [K in keyof V]: Json<V[K]> } : V;

export interface CacheOptions {
  /** How long a value is fresh, ±10 % so that values loaded together do not expire together. */
  readonly ttlMs: number;
  /** How much longer it may be served while it is loaded again in the background. */
  readonly staleMs?: number;
  /** What the value depends on; see `invalidate`. */
  readonly tags?: readonly string[];
}
export interface Cache {
  /**
   * The cached value, or the result of `load`, which runs once for all concurrent callers, in all processes.
   * Values are JSON and frozen. A cache that is down costs speed, never an answer.
   */
  getOrLoad<V>(key: string, load: () => Promise<V>, options: CacheOptions): Promise<Json<V>>;
  /** No value with one of these tags that began to load before is served again, here at once, elsewhere in milliseconds. */
  invalidate(tags: readonly string[]): Promise<void>;
}

/** The cache of a process; every module has its own keys and tags. */
export interface CacheSpace {
  for(owner: string): Cache;
  close(): Promise<void>;
}

/** A tier that processes share. Every method may reject or be late: the cache works on without it. */
export interface RemoteCacheTier {
  /** The entry and the present version of each tag, at one moment. */
  read(key: string, tags: readonly string[]): Promise<{ entry: string | null; versions: (string | null)[] }>;
  write(key: string, entry: string, ttlMs: number): Promise<void>;
  /** Null when another process holds the lock; otherwise what releases it, if it is still held. */
  lock(key: string, ttlMs: number): Promise<(() => Promise<void>) | null>;
  /** Gives each tag a version that it never had and tells every process. */
  invalidate(tags: readonly string[]): Promise<void>;
  /** Without tags: messages may have been lost, so nothing that was read before is certain. */
  onInvalidate(listener: (tags?: readonly string[]) => void): void;
  close(): Promise<void>;
}
export type OpenRemoteCacheTier = (url: string, onError: (error: Error) => void) => RemoteCacheTier;
