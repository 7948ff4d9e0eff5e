export { openDemoShop, type DemoShop } from './demo-shop.ts';
export { runDemo } from './run-demo.ts';
