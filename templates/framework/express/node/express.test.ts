import { expressHttp } from './express.ts';
import { hostConformance } from './host.conformance.ts';

hostConformance('Express', expressHttp);
