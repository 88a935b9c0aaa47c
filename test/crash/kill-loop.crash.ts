import { declareKillLoop } from './kill-loop.ts';

declareKillLoop(60, 100);
