import type { Handlers, ModuleContext } from '@shop/platform/module';
import type { catalogContract } from './contract.ts';
import type { Tables } from './infra/tables.ts';
import type { requires } from './requires.ts';

/** What the host gives to every use case, consumer and job of this module. */
export type Context = ModuleContext<Tables, typeof requires>;
type Operations = Handlers<typeof catalogContract>;
/** A use case: the implementation of one operation. */
export type Use<Name extends keyof Operations> = Operations[Name];
