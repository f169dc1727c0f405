import axios from 'axios';
import { get } from './calls.ts';

axios.defaults.timeout = 3000;
await get('https://a.example');
