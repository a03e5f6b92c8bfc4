// Opens pages in Chromium as their readers would: on a desk, on a phone, by keyboard, on paper without colours.
// node pages.mjs MODULES CHROMIUM < job.json > results.json
// job: {shots: folder or "", pages: [{name, path, sheets: how many printed pages, or null}]}
// results: [{name, findings: [text], sheets, stops: how many the tab key reaches}]; no finding: nothing is wrong.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const [modules, chromium] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(modules), 'package.json'));
const playwright = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const WIDTHS = [1280, 390];

const job = JSON.parse(readFileSync(0, 'utf8'));

// What a rule of axe found, one line an element.
async function violations(page, rules, where) {
  const found = await page.evaluate((run) => axe.run(document, run), {runOnly: rules, resultTypes: ['violations', 'incomplete']});
  // Words in the very colour of what they stand on axe leaves to people: nobody could read them.
  const gone = found.incomplete.map((rule) => ({
    id: rule.id, nodes: rule.nodes.filter((node) => node.any.some((check) => check.data && check.data.messageKey === 'equalRatio')),
  }));
  return [...found.violations, ...gone].flatMap((violation) => violation.nodes.map((node) =>
      `${where}: ${violation.id}: ${node.failureSummary.replace(/\s+/g, ' ')} at ${node.html.slice(0, 160)}`));
}

// The page itself must not scroll sideways; a wide table may, in a region of its own.
async function overflow(page, where) {
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const beyond = [...document.querySelectorAll('body *')].filter((one) =>
        one.getBoundingClientRect().right > root.clientWidth + 0.5 && !one.closest('.scroll'));
    return {by: root.scrollWidth - root.clientWidth, first: beyond.length ? beyond[0].outerHTML.slice(0, 160) : ''};
  });
  return wide === null ? [] : [`${where}: the page scrolls sideways by ${wide.by} px, first ${wide.first}`];
}

// Every control and every region that scrolls is met by the tab key, shows that it has the focus, and has a name.
async function keyboard(page, where) {
  await page.evaluate(() => {
    const controls = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]:not([tabindex="-1"])';
    const visible = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility === 'visible';
    const scrolls = (one) => {
      const style = getComputedStyle(one);
      return (/auto|scroll/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1) ||
          (/auto|scroll/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
    };
    const all = [...document.querySelectorAll('body *')];
    window.awaited = new Set(all.filter((one) => visible(one) && (one.matches(controls) || scrolls(one))));
    window.met = new Set();
    window.unmarked = new Set();
    window.awaitedCount = window.awaited.size;
  });
  const count = await page.evaluate(() => window.awaitedCount);
  for (let step = 0; step < count * 2 + 5; ++step) {
    await page.keyboard.press('Tab');
    const back = await page.evaluate(() => {
      const one = document.activeElement;
      if (one === null || one === document.body) return true;
      if (window.met.has(one)) return true;
      window.met.add(one);
      const style = getComputedStyle(one);
      if (style.outlineStyle === 'none' && style.boxShadow === 'none') window.unmarked.add(one);
      return false;
    });
    if (back && step > 0) break;
  }
  const problems = await page.evaluate(() => {
    const shown = (one) => one.outerHTML.slice(0, 160);
    const reached = (one) => window.met.has(one) || [...window.met].some((met) => one.contains(met));
    return {
      unreached: [...window.awaited].filter((one) => !reached(one)).map(shown),
      unmarked: [...window.unmarked].map(shown),
      // Not every browser lets the keyboard into a scrolling region by itself.
      unlisted: [...window.awaited].filter((one) => !one.matches('a[href],button,input,select,textarea,summary,[tabindex]')).map(shown),
    };
  });
  return {
    stops: count,
    findings: [
      ...problems.unreached.map((html) => `${where}: the tab key never reaches ${html}`),
      ...problems.unmarked.map((html) => `${where}: nothing shows the focus on ${html}`),
      ...problems.unlisted.map((html) => `${where}: scrolls, but has no tabindex="0": ${html}`),
    ],
  };
}

// What has a colour of its own has words, too: in it, as its name, or in the cell, entry or line that it stands in.
async function byColourAlone(page, where) {
  const bare = await page.evaluate(() => {
    const colourful = (text) => {
      const parts = (text.match(/[\d.]+/g) || []).map(Number);
      if (!/^rgb/.test(text) || (parts.length > 3 && parts[3] === 0)) return false;
      return Math.max(...parts.slice(0, 3)) - Math.min(...parts.slice(0, 3)) > 40;
    };
    const words = (one) => (one.getAttribute('aria-label') || one.getAttribute('title') || one.textContent || '').trim() !== '';
    // A bar is a length, hidden from who listens, and its figure stands beside it in the row.
    const told = (one) => {
      const row = one.closest('[aria-hidden=true]') && one.closest('tr');
      if (row && words(row)) return true;
      for (let at = one; at !== null && !at.matches('section,main,body,table,tbody,tr'); at = at.parentElement) {
        if (words(at)) return true;
      }
      return false;
    };
    return [...document.querySelectorAll('body *')]
        .filter((one) => one.getClientRects().length > 0)
        .filter((one) => {
          const style = getComputedStyle(one);
          if (one instanceof SVGElement) return !(one instanceof SVGSVGElement) && (colourful(style.fill) || colourful(style.stroke));
          return colourful(style.backgroundColor);
        })
        .filter((one) => !told(one))
        .map((one) => one.outerHTML.slice(0, 160));
  });
  return bare.map((html) => `${where}: told by colour alone: ${html}`);
}

// Most browsers print without backgrounds, and most printers of an office without colours.
async function onPaper(page, wanted) {
  await page.emulateMedia({media: 'print', colorScheme: 'light'});
  const sheets = ((await page.pdf({format: 'A4', margin: {top: '12mm', bottom: '12mm', left: '12mm', right: '12mm'}}))
      .toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
  const findings = wanted === null || wanted === sheets ? [] : [`print: ${sheets} sheets of A4, not ${wanted}`];
  const without = await page.addStyleTag({
    content: '*{background:none!important;text-shadow:none!important}html,body{background:#fff!important}html{filter:grayscale(1)}',
  });
  findings.push(...await violations(page, ['color-contrast'], 'print, black and white'));
  await without.evaluate((style) => style.remove());
  await page.emulateMedia({media: 'screen', colorScheme: 'light'});
  return {sheets, findings};
}

async function look(browser, {name, path: file, sheets = null}) {
  const result = {name, findings: [], sheets: 0, stops: 0};
  for (const scheme of ['light', 'dark']) {
    for (const width of WIDTHS) {
      const where = `${width} px${scheme === 'dark' ? ', dark' : ''}`;
      const context = await browser.newContext({viewport: {width, height: 900}, colorScheme: scheme, reducedMotion: 'reduce'});
      const page = await context.newPage();
      page.on('console', (said) => said.type() === 'error' && result.findings.push(`${where}: ${said.text()}`));
      page.on('request', (request) => {
        if (!/^(file|data|blob):/.test(request.url())) result.findings.push(`${where}: asks for ${request.url()}`);
      });
      await page.goto(pathToFileURL(file).href);
      await page.evaluate(axe);
      result.findings.push(...await violations(page, WCAG, where));
      if (job.shots) await page.screenshot({path: path.join(job.shots, `${name}-${width}-${scheme}.png`), fullPage: true});
      if (scheme === 'light') {
        result.findings.push(...await overflow(page, where), ...await byColourAlone(page, where));
        const reached = await keyboard(page, where);
        result.stops = Math.max(result.stops, reached.stops);
        result.findings.push(...reached.findings);
        if (width === WIDTHS[0]) {
          const paper = await onPaper(page, sheets);
          result.sheets = paper.sheets;
          result.findings.push(...paper.findings);
        }
      }
      await context.close();
    }
  }
  return result;
}

// Without its own sandbox only where there is no way to set it up: as root in a container or bare chroot.
const browser = await playwright.chromium.launch({
  executablePath: chromium,
  args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage', '--font-render-hinting=none'],
});
try {
  const results = [];
  for (const page of job.pages) results.push(await look(browser, page));
  process.stdout.write(JSON.stringify(results));
} finally {
  await browser.close();
}
