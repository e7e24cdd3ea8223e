import { startExplainPage } from './page';

startExplainPage();
