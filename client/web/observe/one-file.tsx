import '../frame/style.css';
import { startPage } from '../frame/start-page.tsx';
import { ObservePage } from './observe-page.tsx';

await startPage({ name: 'observe', root: undefined, title: 'observe.title', Content: ObservePage });
