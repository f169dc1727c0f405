import { hostConformance } from './host.conformance.ts';
import { nodeHttp } from './node-http.ts';

hostConformance('node:http', nodeHttp);
