import { hostConformance } from '../http/host.conformance.ts';
import type { HttpHost } from '../http/port.ts';
import { gateway } from './gateway.ts';
import { lambdaHttp } from './http.ts';

/** The adapter behind the stand-in for API Gateway, which turns real requests into its events. */
const lambda: HttpHost = (app, options) => gateway(lambdaHttp(app, options));

hostConformance('AWS Lambda', lambda);
