import axios from 'axios';
import { contract as catalog } from '../../catalog/src/contract.ts';
import { contract as orders } from '../../orders/src/contract.ts';
import { contract } from './contract.ts';

export const charge = [axios, catalog, orders, contract];
