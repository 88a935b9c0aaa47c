import { declareKillLoop } from './kill-loop.ts';

declareKillLoop(1000, 1000);
